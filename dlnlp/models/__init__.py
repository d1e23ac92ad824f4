"""Network architectures: Keras builders for training, ONNX builders for serving."""

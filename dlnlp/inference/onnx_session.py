"""Opens a graph in ONNX Runtime the way the app serves all of them."""

from pathlib import Path

import onnxruntime

# Sessions share the cores. With two cores busy, a HAN read a review of 250 words in 2.2 ms with one
# thread and in 6.4 ms with two; eight sessions at once got 237 and 196 answers a second.
THREADS = 1


def open_session(network: Path | bytes) -> onnxruntime.InferenceSession:
    """A session on the processor, of a graph's path or bytes.

    Raises:
        ValueError: ONNX Runtime cannot run the graph.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    # Every text has another shape: a plan of its memory would be kept for each of them.
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    source = network if isinstance(network, bytes) else str(network)
    try:
        return onnxruntime.InferenceSession(
            source, sess_options=options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # ONNX Runtime's errors share no class of their own
        name = "the network" if isinstance(network, bytes) else str(network)
        raise ValueError(
            f"{name} is not a graph that ONNX Runtime {onnxruntime.__version__} runs; "
            "install the version of requirements.txt or train the model again"
        ) from error

"""One background process for what needs Keras, and the pipe to it."""

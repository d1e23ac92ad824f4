"""What Keras has no name for: gradients, compiled calls, copies side by side, several processes.

The one module that imports a backend.
"""

from jax import device_put, distributed, jit, value_and_grad, vmap
from jax.experimental.multihost_utils import process_allgather
from jax.lax import scan

__all__ = [
    "device_put",
    "distributed",
    "jit",
    "process_allgather",
    "scan",
    "value_and_grad",
    "vmap",
]

"""The kernels of the convolutions, sent to the browser once: the diagram computes with them.

Streamlit sends an unchanged message of this size as its hash from the second time on.
"""

from typing import Any

from dlnlp.inference.digit_network import DigitNetwork
from dlnlp.ui.mnist_cnn.flow_numbers import scaled
from dlnlp.ui.shell.component import component

_mount = component(__file__, "<span hidden></span>")


def kernels_data(network: DigitNetwork, version: str) -> dict[str, Any]:
    """What the component keeps: of each layer, map by map, input by input, row by row.

    Args:
        network: the weights.
        version: tells this network from another.
    """
    kernels = [scaled(kernel.transpose(3, 2, 0, 1)) for kernel in network.kernels]
    return {"version": version, "kernels": kernels}


def send_kernels(data: dict[str, Any]) -> None:
    """Send them; nothing is seen."""
    _mount(key="digit_kernels", data=data)

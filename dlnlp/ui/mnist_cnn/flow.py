"""The network, connected: from the picture through every layer to the logits, with all sums.

The browser holds all numbers of the digit, so that pointing and clicking ask nothing of the server.
"""

from collections.abc import Sequence
from typing import Any

from dlnlp.explain.digit_flow import DigitFlow, LayerFlow
from dlnlp.inference.digit_network import POOLED, STRIDES, DigitNetwork
from dlnlp.ui.mnist_cnn.flow_numbers import floats, scaled
from dlnlp.ui.shell.component import component
from dlnlp.ui.shell.numbers import probability
from dlnlp.ui.shell.save_picture import save_picture

_HTML = """
<section class="flow hued empty" aria-label="The network for this digit, from picture to logits">
  <div class="top"><h2>Inside the network</h2><div class="controls"></div></div>
  <p class="none">There is something to see here as soon as there is a digit.</p>
  <p class="legend"><span class="for">raises</span> <span class="against">lowers</span> the next
    value. The lines show what made each map's framed pixel. <span class="legend-effect"></span>
    Point at anything, click to keep it, Escape returns.</p>
  <div class="stage" role="group" aria-label="Diagram; arrow keys move within it"></div>
  <div class="panel" role="region" aria-label="The computation in numbers"></div>
</section>
"""
_mount = component(__file__, _HTML)


def flow_data(
    flow: DigitFlow,
    network: DigitNetwork,
    class_names: Sequence[str],
    shares: Sequence[float],
    version: str,
) -> dict[str, Any]:
    """What the component draws.

    Args:
        flow: the digit's way.
        network: the weights it was computed with.
        class_names: names of the classes.
        shares: their probabilities.
        version: tells this network from another; the kernels are sent under it.
    """
    order = sorted(range(len(shares)), key=lambda digit: -shares[digit])
    return {
        "version": version,
        "image": floats(flow.image),
        "side": len(flow.image),
        "names": list(class_names),
        "shares": [probability(float(share)) for share in shares],
        "guesses": order[:2],
        "layers": [
            _layer(number, layer, len(network.kernels[number]))
            for number, layer in enumerate(flow.layers)
        ],
        "unit_parts": scaled(flow.unit_parts),
        "unit_biases": floats(flow.unit_biases),
        "units": floats(flow.units),
        "weights": floats(flow.weights.T),
        "biases": floats(flow.biases),
        "logits": floats(flow.logits),
    }


def _layer(number: int, layer: LayerFlow, kernel: int) -> dict[str, Any]:
    side = len(layer.maps)
    return {
        "name": f"conv{number + 1}",
        "side": side,
        "count": layer.maps.shape[2],
        "kernel": kernel,
        "stride": STRIDES[number],
        "before": layer.before,
        "pooled": number == POOLED,
        "maps": scaled(layer.maps.transpose(2, 0, 1)),
        "places": (layer.places[:, 0] * side + layer.places[:, 1]).tolist(),
        "parts": scaled(layer.parts),
        "effects": floats(layer.effects),
        "biases": floats(layer.biases),
    }


def draw_flow(data: dict[str, Any] | None) -> None:
    """Draw it; None while there is no digit."""
    _mount(key="digit_flow", data=data or {"version": "", "layers": []})
    if data:
        save_picture("digit_flow", ".stage", "digit_network", "mnist_cnn, connected")

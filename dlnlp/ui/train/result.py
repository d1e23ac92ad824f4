"""What a training has made: how good it is, where it opens, and how to keep it."""

import io
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from dlnlp import catalogue
from dlnlp.artifacts import ArtifactError, available_models, open_artifact
from dlnlp.cards import AT_CHANCE, ModelSummary, model_title, summarize
from dlnlp.errors import UserError
from dlnlp.ui.shell import loading, networks, permalink
from dlnlp.ui.shell.numbers import observed
from dlnlp.ui.shell.page_scripts import script_of
from dlnlp.ui.shell.tables import table
from dlnlp.ui.shell.training_setting import setting
from dlnlp.ui.train.choices import KINDS, plain_name

# Of two networks, on test.
_COMPARED = {"accuracy": "accuracy on test", "calibration_error": "calibration error"}
_NOTHING = dict.fromkeys(_COMPARED.values(), "")
_PROBLEM, _SAVED = "train_keep_problem", "train_saved"


class CannotSave(UserError):
    """A network that cannot be saved; the message is one sentence for the page."""


@st.cache_resource(show_spinner=False, max_entries=32)
def _summary(path: Path, stamp: tuple[int, ...]) -> ModelSummary:
    return summarize(open_artifact(path))


def summary(name: str) -> ModelSummary:
    """What the card of a network says; raises ArtifactError."""
    path = networks.directory(name)
    return _summary(path, loading.stamp_of(path))


def verdict(found: ModelSummary) -> str:
    """How good a network is, beside simpler models, in one line."""
    accuracy = found.measures.get("accuracy")
    if accuracy is None:
        return "Its card holds no accuracy."
    told = f"Accuracy on {found.test_cases:,} test texts: {accuracy.in_percent(1)}"
    others = [f"{name}: {observed(value)}" for name, value in found.baselines.items()]
    return f"{told}. For comparison, {'; '.join(others)}." if others else f"{told}."


def is_at_chance(found: ModelSummary) -> bool:
    """Whether the card says that nothing was learned."""
    return AT_CHANCE in found.card.get("limits", [])


def result(name: str, watched: str) -> None:
    """Draw what the newest network reaches, and where it opens.

    Args:
        name: of the network.
        watched: the text that was watched, which opens with it; "" for none.
    """
    try:
        found = summary(name)
    except ArtifactError as error:
        st.error("The network cannot be opened.")
        st.text(str(error))
        return
    if is_at_chance(found):
        st.warning(
            f"{AT_CHANCE} It has learned nothing that holds for other texts: the labels may not "
            "follow from the texts, or the texts are too few."
        )
    else:
        st.success(f"**{model_title(name)}** has learned.", icon=":material/check_circle:")
    st.text(verdict(found))
    ways(name, watched)


def comparison(names: Sequence[str]) -> None:
    """Draw the networks of one training and the simpler models side by side."""
    rows: list[dict[str, str]] = []
    baselines: Mapping[str, float] = {}
    for name in names:
        try:
            found = summary(name)
        except ArtifactError:
            continue  # `result` has said so
        kind = catalogue.kind(networks.directory(name)) or ""
        measured = {
            _COMPARED[measure]: value.in_percent(1)
            for measure in _COMPARED
            if (value := found.measures.get(measure)) is not None
        }
        rows.append({"model": KINDS.get(kind, kind), **_NOTHING, **measured})
        baselines = found.baselines
    for name, accuracy in baselines.items():
        rows.append({"model": name, **_NOTHING, _COMPARED["accuracy"]: observed(accuracy)})
    table(rows)


def ways(name: str, watched: str = "") -> None:
    """Draw the links to the pages that take the network."""
    kind = catalogue.kind(networks.directory(name)) or "han"
    query = {"model": name}
    encoded = permalink.encode_text(watched, longest=permalink.LONGEST_OWN) if watched else None
    if encoded:
        query["text"] = encoded
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        st.page_link(
            script_of(kind), label=":blue[**Open it: read a text with it →**]", query_params=query
        )
        st.page_link(script_of("batch"), label=":blue[Label a table]", query_params={"model": name})
        st.page_link(script_of("models"), label=":blue[Its card]", query_params={"network": name})


def archive(path: Path) -> bytes:
    """A zip that unpacks into ``$DLNLP_MODELS``: one folder with the network's title.

    Args:
        path: its directory. The session is not asked: the browser fetches this later.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for each in sorted(path.iterdir()):
            file.write(each, f"{model_title(path.name)}/{each.name}")
    return packed.getvalue()


def save(name: str) -> str:
    """Move a network of this visitor to ``$DLNLP_MODELS``; returns its name there.

    Raises:
        CannotSave: another network has its name, or the disk refuses.
    """
    title, folder = model_title(name), catalogue.own_folder()
    if title in (*catalogue.own_models(), *available_models()) or (folder / title).exists():
        raise CannotSave(f"A network called {title} is saved already: rename this one first.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        hidden = folder / f".{name}"
        shutil.copytree(networks.directory(name), hidden)
        hidden.rename(folder / title)
    except OSError as error:
        raise CannotSave(f"{folder} cannot be written ({error.strerror or error}).") from error
    networks.delete(name)
    return title


def _save(name: str) -> None:
    _clear()
    try:
        title = save(name)
        st.session_state[_SAVED] = f"{title} is saved in {catalogue.own_folder()}."
    except CannotSave as error:
        st.session_state[_PROBLEM] = str(error)


def _rename(name: str, key: str) -> None:
    _clear()
    title = plain_name(st.session_state[key])
    if title != model_title(name):
        networks.rename(name, networks.free_title(title))


def _delete(name: str) -> None:
    _clear()
    networks.delete(name)


def note() -> None:
    """Say where the network is that was saved last, until something else is done."""
    if st.session_state.get(_SAVED):
        st.text(st.session_state[_SAVED])


def _clear() -> None:
    st.session_state[_PROBLEM] = st.session_state[_SAVED] = ""


def own_networks() -> None:
    """Draw the list of this visitor's networks: open, download, save, rename, delete."""
    names = networks.mine()
    if not names:
        return
    st.subheader("Your networks", anchor=False)
    st.caption(
        "They are in the menus of Hierarchical attention, Kim CNN, Batch prediction and Models, "
        "for you alone, and go when you leave. Download one to keep it: unpacked into the folder "
        "`$DLNLP_MODELS`, it is there whenever you start this app on your own computer."
    )
    for name in names:
        _row(name)
    if st.session_state.get(_PROBLEM):
        st.text(st.session_state[_PROBLEM])


def _row(name: str) -> None:
    title = model_title(name)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", border=True):
        try:
            accuracy = summary(name).measures.get("accuracy")
            told = "" if accuracy is None else f"accuracy {observed(accuracy.value)}"
        except ArtifactError as error:
            told = str(error)
        st.text(f"{title}   {told}", width="content")
        st.space("stretch")
        st.download_button(
            "Download", partial(archive, networks.directory(name)),
            f"{title}.zip", "application/zip",
            icon=":material/download:", on_click="ignore", key=f"train_download {name}",
        )  # fmt: skip
        if setting() == "local":
            st.button(
                "Save",
                icon=":material/save:",
                on_click=_save,
                args=(name,),
                key=f"train_save {name}",
                help=f"Puts it into {catalogue.own_folder()}, where everybody who uses this server "
                "finds it, also tomorrow.",
            )
        with st.popover("Rename or delete", type="tertiary"):
            key = f"train_rename {name}"
            st.text_input("New name", value=title, key=key, max_chars=40)
            st.button("Rename", on_click=_rename, args=(name, key), key=f"train_do_rename {name}")
            st.button("Delete", on_click=_delete, args=(name,), key=f"train_delete {name}")

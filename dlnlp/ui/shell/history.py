"""States that replaced one another, and which of them is shown: undo and redo of anything."""

from dataclasses import dataclass, replace
from typing import Generic, TypeVar

State = TypeVar("State")

MOST_STATES = 50


@dataclass(frozen=True, slots=True)
class History(Generic[State]):
    """A line of states; a new state ends what could be redone.

    Attributes:
        states: From the oldest to the newest, `MOST_STATES` at most.
        at: Index of the state that is shown; -1 while there is none.
    """

    states: tuple[State, ...] = ()
    at: int = -1

    @property
    def now(self) -> State | None:
        """The state that is shown."""
        return self.states[self.at] if self.states else None

    @property
    def can_undo(self) -> bool:
        """Whether there is a state before this one."""
        return self.at > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a state after this one."""
        return self.at < len(self.states) - 1

    def put(self, state: State) -> "History[State]":
        """The history with a new state after the one that is shown; the oldest gives way."""
        states = (*self.states[: self.at + 1], state)[-MOST_STATES:]
        return History(states, len(states) - 1)

    def put_before(self, state: State) -> "History[State]":
        """The history with an older state in front of all others."""
        states = (state, *self.states)
        return History(states, self.at + 1)

    def changed(self, state: State) -> "History[State]":
        """The history with another state in place of the one that is shown.

        Raises:
            IndexError: There is no state.
        """
        if not self.states:
            raise IndexError("an empty history has no state to change; put one first")
        return replace(self, states=(*self.states[: self.at], state, *self.states[self.at + 1 :]))

    def undo(self) -> "History[State]":
        """The state before is shown, if there is one."""
        return replace(self, at=max(self.at - 1, min(self.at, 0)))

    def redo(self) -> "History[State]":
        """The state after is shown, if there is one."""
        return replace(self, at=min(self.at + 1, len(self.states) - 1))

    def without_oldest(self) -> "History[State]":
        """The history without its oldest state, unless that is the one that is shown."""
        return self if self.at < 1 else History(self.states[1:], self.at - 1)

"""Answers: what was worked out once and is kept as long as what it was worked out from."""

from collections.abc import Callable, Hashable
from functools import partial, wraps
from threading import Lock, RLock


class Answers:
    """The latest answers, `size` of them at most; what was asked longest ago is forgotten first.

    Threads share them. What several ask at a time is worked out by the first of them while the
    others wait for it; whoever asks something else does not wait. Questions may lead to others, as
    long as none leads back to itself.
    """

    def __init__(self, size: int):
        self.size = size
        self._answers: dict[Hashable, _Answer] = {}
        self._lock = Lock()

    def kept(self, question: Hashable, ask: Callable):
        """What `ask` gives, asked once while it is kept. If it fails, the next one asks again.

        The question has to name all that the answer depends on: of an instant, which one, or which
        part of the facts it sees.
        """
        with self._lock:
            answer = self._answers.pop(question, None) or _Answer()
            self._answers[question] = answer
            if len(self._answers) > self.size:
                del self._answers[next(iter(self._answers))]
        return answer.given(ask)

    def forget(self) -> None:
        """Forget everything, as if nothing had been asked."""
        with self._lock:
            self._answers.clear()


class _Answer:
    """One answer, given by whoever asks first."""

    __slots__ = ("_known", "_lock", "_value")

    def __init__(self):
        self._lock = RLock()
        self._known = False
        self._value = None

    def given(self, ask: Callable):
        if not self._known:
            with self._lock:
                if not self._known:
                    self._value = ask()
                    self._known = True
        return self._value


def remembered(size: int) -> Callable:
    """A method whose answers are kept with its object, `size` of them, by its arguments.

    An lru_cache of a method would be one for all objects and hold every one of them.
    """

    def wrap(method):
        name = f"_{method.__name__}_answers"

        @wraps(method)
        def ask(self, *question):
            answers = vars(self).setdefault(name, Answers(size))
            return answers.kept(question, partial(method, self, *question))

        return ask

    return wrap

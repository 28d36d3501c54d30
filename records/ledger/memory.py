"""Memory: answers kept as long as what they were worked out from, the longest unasked forgotten."""

from collections.abc import Callable
from functools import wraps

_MISSING = object()


class Bounded(dict):
    """A dict that forgets what it was given first once it holds more than `size`."""

    def __init__(self, size: int):
        super().__init__()
        self.size = size

    def __setitem__(self, key, value):
        super().__setitem__(key, value)
        self._forget()

    def update(self, others):
        super().update(others)
        self._forget()

    def _forget(self):
        while len(self) > self.size:
            self.pop(next(iter(self)), None)


class Spells(Bounded):
    """To each of `size` questions the latest answers that hold for a time, `each` of them. An
    answer `holds(at)` or does not."""

    def __init__(self, size: int, each: int):
        super().__init__(size)
        self.each = each

    def find(self, question, at, work_out: Callable):
        """The answer that holds at the instant: one of those kept, or else it is worked out."""
        kept = self.get(question, ())
        found = next((answer for answer in kept if answer.holds(at)), None)
        if found is None:
            found = work_out()
            self[question] = (found, *kept)[: self.each]
        return found


def remembered(size: int) -> Callable:
    """A method whose latest answers are kept with the object, `size` of them.

    An lru_cache of a bound method would hold the object that holds it, and the object would have to
    wait for the garbage collector.
    """

    def wrap(method):
        name = f"_{method.__name__}_remembered"

        @wraps(method)
        def ask(self, *question):
            answers = vars(self).setdefault(name, Bounded(size))
            answer = answers.pop(question, _MISSING)
            if answer is _MISSING:
                answer = method(self, *question)
            answers[question] = answer
            return answer

        ask.forget = lambda self: vars(self).pop(name, None)
        return ask

    return wrap

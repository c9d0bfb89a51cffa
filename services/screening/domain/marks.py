"""Who changed which answer, when and at which version: what two writers at once are told apart by.

A screening that an older version of the code has written carries no marks for it, or stale ones:
of its answers it is only known that they were not changed later than the version they were read at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Self
from uuid import UUID

from contracts.language import Category, Code, DomainError, Resource
from contracts.screening import AnswerMark


class AnswersConflict(DomainError, category=Category.CONFLICT, slug="answers-conflict"):
    """Somebody else changed some of the same answers meanwhile; ``fields`` says which."""


class Marks(Resource):
    """The last change of every question, its answer cleared or not.

    ``version`` is that of the screening which the marks belong to, ``since`` the one after which
    every change was marked.
    """

    since: int
    version: int
    changed_by: UUID | None = None
    by_item: dict[Code, AnswerMark]

    @classmethod
    def begin(cls, version: int, changed_by: UUID | None = None) -> Self:
        """Return marks of which nothing earlier is known."""
        return cls(since=version, version=version, changed_by=changed_by, by_item={})

    def after(self, changed: Iterable[str], *, by: UUID, at: datetime) -> Self:
        """Return the marks after one more change of the screening."""
        mark = AnswerMark(answered_at=at, answered_by=by, version=self.version + 1)
        return replace(
            self,
            version=self.version + 1,
            changed_by=by,
            by_item={**self.by_item, **dict.fromkeys(changed, mark)},
        )

    def require_unchanged(self, changed: Iterable[str], *, base: int, by: UUID) -> None:
        """Refuse to change what others have changed after the version that the writer had seen.

        Raises:
            AnswersConflict: some questions were; each is named.

        """
        lost = [
            code for code in changed if self._changed_at(code) > base and not self._by(code, by)
        ]
        if lost:
            raise AnswersConflict(
                f"{len(lost)} of these answers were changed by somebody else meanwhile; read the "
                "screening, settle which of them count and send those with the version read.",
                fields={
                    f"answers.{code}": [
                        f"Changed by somebody else at version {self._changed_at(code)}."
                    ]
                    for code in lost
                },
            )

    def _changed_at(self, code: str) -> int:
        """Return the version at which the answer was last changed, at the latest."""
        mark = self.by_item.get(code)
        return self.since if mark is None else mark.version

    def _by(self, code: str, writer: UUID) -> bool:
        """Tell whether the writer made the last change."""
        mark = self.by_item.get(code)
        return mark is not None and mark.answered_by == writer

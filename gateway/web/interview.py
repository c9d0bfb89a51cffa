"""An interview as the desk goes through it: sections with their progress, questions, answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from contracts.screening import AnswerMark, Form, FormItem, FormLabel, FormOption, Screening
from gateway.web.form_texts import ENGLISH, SOURCE, Labelled, Written, text_of

Codes = tuple[str, ...]


class Progress(StrEnum):
    """How far a section is."""

    COMPLETE = "complete"
    BEGUN = "begun"
    TO_DO = "to-do"
    NOT_ASKED = "not-asked"


@dataclass(frozen=True, kw_only=True)
class Voice:
    """In which languages the form speaks: the desk's, and the person's where it is another one."""

    form: Form
    desk: str
    person: str | None

    def ours(self, labelled: Labelled) -> Written:
        """Return a text for the worker."""
        return text_of(labelled, self.desk)

    def theirs(self, labelled: Labelled) -> Written | None:
        """Return a text for the person; nothing where it would be the worker's own again."""
        if self.person is None or self.person == self.desk:
            return None
        written = self.alone(labelled)
        return None if written.language == self.desk else written

    def alone(self, labelled: Labelled) -> Written:
        """Return a text for the person alone: in Italian where it is not translated."""
        return text_of(labelled, self.person or self.desk, self.form.language)

    def speaks(self, labelled: Labelled) -> bool:
        """Tell whether there is a text in the person's language."""
        return self.person is None or self.alone(labelled).language == self.person


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question that is asked now, with its answer and who gave it."""

    item: FormItem
    answer: Codes
    version: int
    mark: AnswerMark | None

    @property
    def code(self) -> str:
        """The code of the question."""
        return self.item.code

    @property
    def open(self) -> bool:
        """Whether nobody has answered it."""
        return not self.answer

    @property
    def shown(self) -> str:
        """What a page remembers of having shown it: at which version, with which answer."""
        return " ".join((str(self.version), *self.answer))

    def chosen(self, option: FormOption | FormLabel) -> bool:
        """Tell whether this is the answer, or part of it."""
        return option.code in self.answer


@dataclass(frozen=True, kw_only=True)
class Section:
    """A domain of the form as far as it is asked."""

    code: str
    label: Labelled
    safety: bool
    questions: Sequence[Question]
    missing: Codes

    @property
    def asked(self) -> int:
        """How many questions are asked."""
        return len(self.questions)

    @property
    def answered(self) -> int:
        """How many of them have an answer."""
        return sum(not question.open for question in self.questions)

    @property
    def progress(self) -> Progress:
        """How far it is."""
        if not self.questions:
            return Progress.NOT_ASKED
        if not self.missing:
            return Progress.COMPLETE
        return Progress.BEGUN if self.answered else Progress.TO_DO


@dataclass(frozen=True, kw_only=True)
class Interview:
    """A screening beside its form."""

    screening: Screening
    form: Form
    sections: Sequence[Section]

    @property
    def walk(self) -> list[Section]:
        """The sections in which something is asked, in order."""
        return [section for section in self.sections if section.questions]

    @property
    def asked(self) -> int:
        """How many questions are asked."""
        return sum(section.asked for section in self.sections)

    @property
    def answered(self) -> int:
        """How many of them have an answer."""
        return sum(section.answered for section in self.sections)

    def section(self, code: str | None) -> Section:
        """Return a section by its code, else the first one with something left to answer."""
        walk = self.walk
        unfinished = (section for section in walk if section.missing)
        named = (section for section in walk if section.code == code)
        return next(named, None) or next(unfinished, None) or walk[0]

    def beside(self, section: Section, step: int) -> Section | None:
        """Return the section before or after one, if there is one."""
        place = self.walk.index(section) + step
        return self.walk[place] if 0 <= place < len(self.walk) else None

    def missing(self) -> Iterator[tuple[Section, Question]]:
        """Yield every question that must still be answered, with its section."""
        for section in self.sections:
            for question in section.questions:
                if question.code in section.missing:
                    yield section, question

    @property
    def first_missing(self) -> tuple[Section, Question] | None:
        """The first question that must still be answered."""
        return next(self.missing(), None)


def interview_of(screening: Screening, form: Form) -> Interview:
    """Return the interview in which a screening's answers were given."""
    items = {item.code: item for item in form.items}
    marks: Mapping[str, AnswerMark] = screening.marks or {}
    asked = [
        Question(
            item=items[code],
            answer=codes_of(screening.answers.get(code)),
            version=screening.version,
            mark=marks.get(code),
        )
        for code in screening.visible
        if code in items
    ]
    return Interview(
        screening=screening,
        form=form,
        sections=[
            Section(
                code=section.code,
                label=section,
                safety=section.safety,
                questions=[each for each in asked if each.item.domain == section.code],
                missing=tuple(
                    code for code in screening.missing if items[code].domain == section.code
                ),
            )
            for section in form.sections
        ],
    )


def codes_of(answer: Any) -> Codes:
    """Return an answer as codes, of which most have one."""
    if answer is None:
        return ()
    return (answer,) if isinstance(answer, str) else tuple(answer)


def spoken_languages(form: Form) -> tuple[str, ...]:
    """Return the languages in which a form can be shown."""
    return (SOURCE, ENGLISH, *(each.language for each in form.languages))

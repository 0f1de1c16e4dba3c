"""Refusals of the skills room."""

from collections.abc import Sequence

from typing_extensions import override

from academy.kernel.errors import Refusal
from academy.kernel.translation import _
from academy.skills.findings import Problem


class FilesRefused(Refusal):
    """The files of a scheme can not be loaded; `problems` says where and why."""

    code = "skill-files-refused"
    status = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.reason for problem in problems))
        self.problems = tuple(problems)

    @override
    def sentence(self) -> str:
        return _("Deze bestanden met vaardigheden zijn niet geladen. Er is niets veranderd.")

    @override
    def next_step(self) -> str:
        return _("Bekijk de bestanden, regels en kolommen hieronder en download ze zo nodig opnieuw.")


class VersionNotValid(Refusal):
    """A version is numbers with dots between them, such as 1.2.0."""

    code = "skill-version-not-valid"
    status = 422

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self.version = version

    @override
    def sentence(self) -> str:
        return _("%(version)s is geen versienummer.", version=self.version)

    @override
    def next_step(self) -> str:
        return _("Gebruik getallen met punten ertussen, zoals 1.2.0.")


class VersionOlder(Refusal):
    """A newer version was loaded before: going back would drop what is in use."""

    code = "skill-version-older"

    def __init__(self, version: str, present: str) -> None:
        super().__init__(version, present)
        self.version, self.present = version, present

    @override
    def sentence(self) -> str:
        return _("Versie %(version)s is ouder dan versie %(present)s, die al geladen is. Er is niets veranderd.",
                 version=self.version, present=self.present)

    @override
    def next_step(self) -> str:
        return _("Laad een nieuwere versie.")


class VersionDiffers(Refusal):
    """The files are said to be a version that is loaded, and hold other concepts or names."""

    code = "skill-version-differs"

    def __init__(self, version: str, example: str) -> None:
        super().__init__(version, example)
        self.version, self.example = version, example

    @override
    def sentence(self) -> str:
        return _("Versie %(version)s is al geladen, en deze bestanden zijn anders (%(example)s). Er is niets veranderd.",
                 version=self.version, example=self.example)

    @override
    def next_step(self) -> str:
        return _("Zijn dit bestanden van een nieuwere versie? Geef dan dat nummer op.")


def files_refused(
    code: str, reason: str, *, file: str, line: int | None = None, column: str = "", value: str = "",
) -> FilesRefused:
    """Return a refusal with one problem."""
    return FilesRefused([Problem(file, line, column, value, code, reason)])

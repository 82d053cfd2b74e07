"""The JSON of the API: what requests take and answers give. Boxes are in pixels of the upright picture."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bitfast_faces.matching import ONE
from bitfast_faces.names import can_be_shown
from bitfast_faces.store.base import AuditEntry, Consent, Deletion, Match, Person
from bitfast_faces.web.jobs import Job, State
from bitfast_faces.web.problems import ProblemBody
from bitfast_faces.web.shelf import Kept, KeptFace

COARSE = 1 << 20  # scores are told in steps of 2^-10: exact ones would tell step by step how a template is reached


def printable(text: str) -> str:
    if not can_be_shown(text):
        raise ValueError("it holds control characters, or nothing to be seen")
    return text


Id = Annotated[str, Field(pattern="^[0-9a-f]{16}$")]
Name = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(printable)]
Text = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(printable)]
Number = Annotated[int, Field(ge=1, lt=1 << 63)]
Threshold = Annotated[int, Field(ge=0, le=ONE)]
Faces = Annotated[list[Id], Field(min_length=1, max_length=400)]
SearchedFaces = Annotated[list[Id], Field(min_length=1, max_length=100)]
STRICTER = Field(None, description="the least score for the same person, in 1/2^30: only stricter than the server's")


class Asked(BaseModel):
    """A request: an unknown member is an error, as it would be a misspelt one."""

    model_config = ConfigDict(extra="forbid")


class FaceOut(BaseModel):
    id: Id
    picture: Id
    box: tuple[int, int, int, int] = Field(description="left, top, right, bottom")
    score: int = Field(description="the detector's logit in 1/1024")
    side: int
    sharpness: int
    pose: int
    usable: bool
    reasons: list[str]

    @classmethod
    def of(cls, kept: KeptFace) -> FaceOut:
        face, quality = kept.face, kept.face.quality
        return cls(
            id=kept.id,
            picture=kept.picture,
            box=face.box.pixels,
            score=face.score,
            side=quality.side,
            sharpness=quality.sharpness,
            pose=quality.pose,
            usable=quality.usable,
            reasons=list(quality.reasons),
        )


class PictureOut(BaseModel):
    id: Id
    name: str
    digest: str = Field(description="SHA-256 of the bytes that were sent")
    width: int
    height: int
    notes: list[str]
    faces: list[FaceOut]

    @classmethod
    def of(cls, kept: Kept) -> PictureOut:
        return cls(
            id=kept.id,
            name=kept.name,
            digest=kept.digest,
            width=kept.width,
            height=kept.height,
            notes=list(kept.notes),
            faces=[FaceOut.of(face) for face in kept.faces],
        )


class ForgetIn(Asked):
    pictures: Annotated[list[Id], Field(max_length=1000)] | None = Field(None, description="none given: all of yours")


class Count(BaseModel):
    count: int


class SignIn(Asked):
    code: Annotated[str, Field(max_length=100)] | None = Field(None, description="of the link that `serve` printed")
    token: Annotated[str, Field(max_length=200)] | None = None


class SessionOut(BaseModel):
    name: str
    scopes: list[str]
    store: bool
    cameras: bool
    folders: list[str]
    space: str = Field(description="which weights, alignment and rounding made the templates")
    threshold: int
    upload_bytes: int
    keep_seconds: float


class CompareIn(Asked):
    face: Id
    other: Id


class CompareOut(BaseModel):
    same: bool
    score: int
    threshold: int
    similarity: float = Field(description="score / 2^30, about the cosine of the angle between the templates")


class ConsentIn(Asked):
    """Consent of the person, or of a minor's guardian, to one purpose until a day. Without it nobody is enrolled."""

    purpose: Text
    granted: date
    expires: date
    given_by: Name
    guardian: Name | None = None
    minor: bool = False
    evidence: Text = Field(description="where the signed paper is")

    def record(self) -> Consent:
        return Consent(**self.model_dump())


class ConsentOut(BaseModel):
    purpose: str
    granted: date
    expires: date
    given_by: str
    guardian: str | None
    minor: bool
    evidence: str


class EnrolIn(Asked):
    name: Name
    faces: Faces
    consent: ConsentIn
    different: bool = Field(False, description="though the faces are not alike, or like somebody enrolled")


class FacesIn(Asked):
    faces: Faces
    different: bool = Field(False, description="though the faces are not like the person's")


class FaceIn(Asked):
    face: Id


class PersonOut(BaseModel):
    id: int
    name: str
    templates: int
    expires: date
    consents: list[ConsentOut]

    @classmethod
    def of(cls, person: Person) -> PersonOut:
        consents = [ConsentOut(**vars(each)) for each in person.consents]
        return cls(
            id=person.id, name=person.name, templates=person.templates, expires=person.expires, consents=consents
        )


class SearchIn(Asked):
    faces: SearchedFaces
    purpose: Text
    limit: int = Field(5, ge=1, le=50)
    threshold: Threshold | None = STRICTER


class VerifyIn(Asked):
    face: Id
    person: Number
    purpose: Text
    threshold: Threshold | None = STRICTER


class MatchOut(BaseModel):
    """Who a face is. Where it is not this person's, neither name nor score is told."""

    person: int
    name: str
    same: bool
    why_not: str
    score: int | None = Field(description="in 1/2^30, rounded down to a multiple of 2^20, after the decision")
    similarity: float | None = Field(description="score / 2^30, three decimals")

    @classmethod
    def of(cls, match: Match) -> MatchOut:
        if not match.same:
            return cls(person=match.person, name="", same=False, why_not=match.why_not, score=None, similarity=None)
        score = match.score // COARSE * COARSE
        return cls(
            person=match.person,
            name=match.name,
            same=True,
            why_not="",
            score=score,
            similarity=round(score / ONE, 3),
        )


class FoundOut(BaseModel):
    face: Id
    matches: list[MatchOut] = Field(description="best first; empty: unknown")


class DeletionOut(BaseModel):
    person: int
    templates: int
    corrections: int
    reason: str
    verified: str
    bytes_read: int
    receipt: str
    audit: int

    @classmethod
    def of(cls, deletion: Deletion) -> DeletionOut:
        return cls(**vars(deletion))


class AuditOut(BaseModel):
    id: int
    at: str
    action: str
    detail: dict[str, Any]
    digest: str

    @classmethod
    def of(cls, entry: AuditEntry) -> AuditOut:
        return cls(
            id=entry.id, at=str(entry.at), action=entry.action, detail=dict(entry.detail), digest=str(entry.digest)
        )


class AuditChecked(BaseModel):
    entries: int
    intact: Literal[True] = True


class ClusterIn(Asked):
    folder: Name = Field(description="one of the names that `serve --folder NAME=PATH` gave")


class JobOut(BaseModel):
    id: Id
    kind: str
    state: State
    done: int
    total: int
    result: Any = None
    problem: ProblemBody | None = None

    @classmethod
    def of(cls, job: Job) -> JobOut:
        return cls(
            id=job.id,
            kind=job.kind,
            state=job.state,
            done=job.done,
            total=job.total,
            result=job.result,
            problem=job.problem.body() if job.problem else None,
        )

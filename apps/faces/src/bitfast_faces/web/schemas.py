"""The JSON of the API: what requests take and answers give. Boxes are in pixels of the upright picture."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bitfast_faces.matching import ONE, THRESHOLD
from bitfast_faces.store.base import AuditEntry, Consent, Deletion, Match, Person
from bitfast_faces.web.jobs import Job, State
from bitfast_faces.web.problems import ProblemBody
from bitfast_faces.web.shelf import Kept, KeptFace

Id = Annotated[str, Field(pattern="^[0-9a-f]{16}$")]
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=r"\S")]
Text = Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")]
Threshold = Annotated[int, Field(ge=0, le=ONE, description="the least score for the same person, in 1/2^30")]
Faces = Annotated[list[Id], Field(min_length=1, max_length=400)]


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
    upload_bytes: int
    keep_seconds: float


class CompareIn(Asked):
    face: Id
    other: Id


class CompareOut(BaseModel):
    same: bool
    score: int
    threshold: int
    likeness: float = Field(description="score / 2^30, about the cosine of the angle between the templates")


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


class FacesIn(Asked):
    faces: Faces


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
    faces: Faces
    purpose: Text
    limit: int = Field(5, ge=1, le=50)
    threshold: Threshold = THRESHOLD


class VerifyIn(Asked):
    face: Id
    person: int
    purpose: Text
    threshold: Threshold = THRESHOLD


class MatchOut(BaseModel):
    person: int
    name: str
    same: bool
    why_not: str
    score: int
    likeness: float

    @classmethod
    def of(cls, match: Match) -> MatchOut:
        return cls(
            person=match.person,
            name=match.name,
            same=match.same,
            why_not=match.why_not,
            score=match.score,
            likeness=match.score / ONE,
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

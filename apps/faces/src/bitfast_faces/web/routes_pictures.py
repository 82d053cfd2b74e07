"""Pictures: sent as a plain body, analysed, kept in memory for a while, forgotten."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import APIRouter, Header, Request, Response

from bitfast_faces.matching import ONE, similarity
from bitfast_faces.web import bodies
from bitfast_faces.web.access import Analysing, Work
from bitfast_faces.web.schemas import CompareIn, CompareOut, Count, ForgetIn, Id, PictureOut
from bitfast_faces.web.shelf import label

router = APIRouter(tags=["pictures"])
IMAGE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}
BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("/pictures", status_code=201, openapi_extra=BODY)
async def analyse(
    request: Request,
    caller: Analysing,
    work: Work,
    x_name: Annotated[str, Header(description="what to call it, percent-encoded; never used as a path")] = "",
) -> PictureOut:
    """Finds the faces of a picture, which is the request's body: JPEG, PNG, WebP, HEIC, GIF, BMP or TIFF.

    The answer's ids are good for the other requests until the picture is forgotten."""
    config = work.config
    async with work.uploads.one(caller.key) as count:
        data = await bodies.whole(
            request.receive, "Receiving a picture", config.upload_bytes, config.body_seconds, count
        )
        analysis = await work.analyse(data, label(unquote(x_name)))
    return PictureOut.of(await work.compute(lambda: work.shelf.put(caller.key, analysis)))


@router.get("/pictures")
async def pictures(caller: Analysing, work: Work) -> list[PictureOut]:
    """Your pictures that are kept at the moment."""
    return [PictureOut.of(kept) for kept in work.shelf.all(caller.key)]


@router.get("/pictures/{id}")
async def picture(id: Id, caller: Analysing, work: Work) -> PictureOut:
    return PictureOut.of(work.shelf.picture(id, caller.key))


@router.get("/pictures/{id}/image", response_class=Response, responses=IMAGE)
async def picture_image(id: Id, caller: Analysing, work: Work) -> Response:
    """A view of the picture, upright, its longer side at most 1280 pixels, without any metadata."""
    return Response(work.shelf.picture(id, caller.key).view, media_type="image/jpeg")


@router.get("/faces/{id}/image", response_class=Response, responses=IMAGE)
async def face_image(id: Id, caller: Analysing, work: Work) -> Response:
    """The face with some surroundings, 320 × 320 pixels."""
    return Response(work.shelf.face(id, caller.key).crop, media_type="image/jpeg")


@router.delete("/pictures/{id}")
async def forget_one(id: Id, caller: Analysing, work: Work) -> Count:
    work.shelf.picture(id, caller.key)
    return Count(count=work.shelf.forget(caller.key, [id]))


@router.post("/pictures/forget")
async def forget(asked: ForgetIn, caller: Analysing, work: Work) -> Count:
    """Forgets these pictures, or all of yours, with their faces and templates."""
    return Count(count=work.shelf.forget(caller.key, asked.pictures))


@router.post("/compare")
async def compare(asked: CompareIn, caller: Analysing, work: Work) -> CompareOut:
    """Whether two faces are the same person's: one to one, of two pictures that you sent; nobody is looked up."""
    first, second = work.shelf.faces([asked.face, asked.other], caller.key)
    score = int(similarity(first.template, second.template))
    return CompareOut(
        same=score >= work.config.threshold, score=score, threshold=work.config.threshold, similarity=score / ONE
    )

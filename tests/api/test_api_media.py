"""What is shown of files: small versions, tiles, peaks, pages."""

import io

import numpy as np
import pytest
import soundfile
from PIL import Image, ImageChops

from goldsmith.media.tiles import TILE, levels
from goldsmith.trust.authorize import Role
from tests.unit.media.made_media import as_bytes, made_image, made_pdf, made_sound, noise, png_that_claims

BLOBS = "/api/vaults/acme/blobs"


@pytest.fixture(scope="module")
def owner(shared):
    return shared.signed_in(Role.OWNER)


@pytest.fixture(scope="module")
def sent(owner):
    """Sends a file; how an item refers to it."""

    def send(content: bytes) -> dict:
        headers = {"content-type": "application/octet-stream"}
        answer = owner.post(BLOBS, params={"name": "x"}, content=content, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return send


def picture(answer) -> Image.Image:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-security-policy"].startswith("sandbox")
    image = Image.open(io.BytesIO(answer.content))
    assert answer.headers["content-type"] == f"image/{(image.format or '').lower()}"
    return image


@pytest.mark.parametrize("size", [128, 256, 512, 4096])
def test_a_small_version_keeps_the_shape_and_never_grows(owner, sent, size):
    value = sent(made_image("PNG", (700, 350)))
    image = picture(owner.get(f"{BLOBS}/{value['blob']}/thumbnail?size={size}"))
    assert image.size == ((size, size // 2) if size < 700 else (700, 350))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_everything_is_upright_as_the_camera_says(owner, sent, form):
    value = sent(made_image(form, (300, 200), orientation=6, seed=3))
    assert (value["width"], value["height"]) == (200, 300)
    small = picture(owner.get(f"{BLOBS}/{value['blob']}/thumbnail?size=128"))
    assert small.size == (85, 128)
    tile = picture(owner.get(f"{BLOBS}/{value['blob']}/tiles/0/0/0"))
    assert tile.size == (200, 256)


def test_tiles_put_together_are_the_image(owner, sent):
    image = noise((600, 300), seed=5)
    value = sent(as_bytes(image, "PNG"))
    made = Image.new("RGB", image.size)
    (finest, *_, last) = levels(*image.size)
    for y in range(finest.n_down):
        for x in range(finest.n_across):
            made.paste(picture(owner.get(f"{BLOBS}/{value['blob']}/tiles/0/{x}/{y}")), (x * TILE, y * TILE))
    assert ImageChops.difference(made, image).getbbox() is None
    assert picture(owner.get(f"{BLOBS}/{value['blob']}/tiles/{last.number}/0/0")).size == (last.width, last.height)


@pytest.mark.parametrize("tile", ["0/3/0", "0/0/2", "9/0/0", "0/-1/0", "-1/0/0"])
def test_a_tile_outside_the_image_is_missing(owner, sent, tile):
    value = sent(as_bytes(noise((600, 300), seed=5), "PNG"))
    assert owner.get(f"{BLOBS}/{value['blob']}/tiles/{tile}").status_code == 404


@pytest.mark.parametrize("form", ["WAV", "FLAC", "OGG", "MP3"])
def test_sound_is_measured_and_its_peaks_bound_its_samples(owner, sent, form):
    content = made_sound(form, seconds=2, rate=8000, channels=2)
    value = sent(content)
    samples, _ = soundfile.read(io.BytesIO(content), dtype="float32", always_2d=True)
    assert (value["sample_rate"], value["channels"]) == (8000, 2)
    assert value["duration_ms"] == round(len(samples) / 8)
    found = owner.get(f"{BLOBS}/{value['blob']}/peaks").json()
    assert (found["bucket_ms"], found["duration_ms"]) == (10.0, value["duration_ms"])
    low, high = np.array(found["peaks"]).reshape(-1, 2).T / 127
    for number, start in enumerate(range(0, len(samples), 80)):
        block = np.clip(samples[start : start + 80], -1, 1)
        assert low[number] - 1e-6 <= block.min() <= low[number] + 1 / 127
        assert high[number] + 1e-6 >= block.max() >= high[number] - 1 / 127
    coarse = owner.get(f"{BLOBS}/{value['blob']}/peaks?buckets=7").json()
    assert len(coarse["peaks"]) <= 14
    assert (min(coarse["peaks"]), max(coarse["peaks"])) == (min(found["peaks"]), max(found["peaks"]))


def test_a_page_has_its_size_its_text_and_a_box_for_each_code_point(owner, sent):
    value = sent(made_pdf([["Hello there.", "Second line"], ["Next page"]]))
    assert [page["n_points"] for page in value["pages"]] == [24, 9]
    page = owner.get(f"{BLOBS}/{value['blob']}/pages/1/text").json()
    assert page["text"] == "Hello there.\nSecond line"
    assert len(page["boxes"]) == value["pages"][0]["n_points"]
    width, height = value["pages"][0]["width"], value["pages"][0]["height"]
    letters = [box for box, letter in zip(page["boxes"], page["text"], strict=True) if letter.isalpha()]
    assert all(x >= 0 and x + w <= width and y >= 0 and y + h <= height and w > 0 and h > 0 for x, y, w, h in letters)
    assert letters[0][1] < letters[-1][1]  # the first line is above the second: y counts from the top
    image = picture(owner.get(f"{BLOBS}/{value['blob']}/pages/2.png?scale=2"))
    assert image.size == (round(width * 2), round(height * 2))
    assert image.convert("L").getextrema() == (0, 255)
    assert picture(owner.get(f"{BLOBS}/{value['blob']}/thumbnail?size=256")).size[1] == 256


def test_a_letter_lies_where_it_is_drawn(owner, sent):
    value = sent(made_pdf([["MMMM"]]))
    page = owner.get(f"{BLOBS}/{value['blob']}/pages/1/text").json()
    image = picture(owner.get(f"{BLOBS}/{value['blob']}/pages/1.png?scale=2")).convert("L")
    left, top, right, bottom = ImageChops.invert(image).getbbox()
    boxes = np.array(page["boxes"])
    assert abs(boxes[:, 0].min() * 2 - left) < 6 and abs((boxes[:, 0] + boxes[:, 2]).max() * 2 - right) < 6
    assert boxes[:, 1].min() * 2 <= top + 2 and (boxes[:, 1] + boxes[:, 3]).max() * 2 >= bottom - 2


@pytest.mark.parametrize(
    ("made", "path", "status"),
    [
        (made_image, "peaks", 400),
        (made_image, "pages/1/text", 400),
        (made_image, "thumbnail?size=300", 400),
        (made_sound, "tiles/0/0/0", 400),
        (made_sound, "thumbnail", 400),
        (made_sound, "peaks?buckets=0", 400),
        (lambda: made_pdf([["x"]]), "tiles/0/0/0", 400),
        (lambda: made_pdf([["x"]]), "pages/2/text", 404),
        (lambda: made_pdf([["x"]]), "pages/0.png", 404),
        (lambda: made_pdf([["x"]]), "pages/x", 404),
        (lambda: made_pdf([["x"]]), "pages/1.png?scale=9", 400),
    ],
)
def test_what_a_file_does_not_have_is_refused(owner, sent, *, made, path, status):
    assert owner.get(f"{BLOBS}/{sent(made())['blob']}/{path}").status_code == status


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (png_that_claims(65_000, 65_000), "65,000 by 65,000 pixels"),
        (png_that_claims(200_000, 10), "100,000 on a side"),
        (png_that_claims(1000, 1000), "broken PNG"),
        (made_sound("FLAC")[:3000], "FLAC"),
        (made_sound("WAV")[:8044], "It is cut: 8,000 of 16,000 bytes of sound are there (50.0%)."),
        (made_image("PNG")[:-200], "broken PNG"),
        (made_image("JPEG", (400, 300))[:-4000], "broken JPEG"),
        (made_pdf([["x"]], trailer=b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (x) /U (x) /P -4 >>")[:-30], "PDF"),
    ],
    ids=["bomb", "long side", "claims", "cut FLAC", "cut WAV", "cut PNG", "cut JPEG", "cut PDF"],
)
def test_bombs_and_cut_files_are_refused_with_a_reason(owner, content, said):
    headers = {"content-type": "application/octet-stream"}
    answer = owner.post(BLOBS, content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "unusable-file")
    assert said in answer.json()["detail"]

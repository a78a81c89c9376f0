import io
from typing import Any

import pytest
from PIL import Image

from charlton_intranet.core.database import unit_of_work
from charlton_intranet.core.errors import Invalid
from charlton_intranet.core.files import StoredFile
from charlton_intranet.sites.models import ChecklistAnswer, ChecklistRun, Proof, Site
from charlton_intranet.sites.queries.proofs import proofs
from charlton_intranet.sites.rules.checklists import ChecklistKind, lines_of
from charlton_intranet.sites.service.proofs import ProofFacts, keep_proof
from tests.conftest import Town
from tests.sites import factories

FACTS: dict[str, Any] = {"number": "1", "version": "1"}


def picture(picture_format: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "navy").save(out, picture_format)
    return out.getvalue()


def failing(town: Town) -> Site:
    site = factories.site(town, checked=False)
    factories.checks(town, site.id, kinds=[ChecklistKind.AUTHENTICITY], failing=["identity"])
    return site


def mend(town: Town, site: Site, **fields: Any) -> Any:
    url = f"/sites/{site.id}/checklists/authenticity/identity/mend"
    data = FACTS | fields
    return town.client("coordinator.library").submit(url, data, content_type="multipart/form-data")


def test_a_picture_is_kept_as_it_came_and_shown_to_readers_of_the_site_only(town: Town) -> None:
    site = failing(town)
    assert mend(town, site, picture=(io.BytesIO(picture()), "../../etc/Seal of the town.php")).status_code == 303
    proof = Proof.get()
    kept = StoredFile.get()
    assert (proof.picture_id, kept.media_type, kept.file_name) == (kept.id, "image/png", "Seal of the town.php.png")
    url = f"/sites/proofs/{proof.id}/picture"
    shown = town.client("auditor").get(url)
    assert (shown.data, shown.mimetype) == (picture(), "image/png")
    assert shown.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert shown.headers["Cache-Control"] == "no-store"
    statuses = {box: town.client(box).get(url).status_code for box in ("it", "coordinator.police", "employee")}
    assert statuses == {"it": 200, "coordinator.police": 404, "employee": 403}
    assert town.client("it").get("/sites/proofs/999999/picture").status_code == 404
    page = town.client("auditor").get(f"/sites/{site.id}/checklists/authenticity/identity").text
    assert url in page


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "empty.png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "drawing.svg"),
        (b"<html><script>alert(1)</script></html>", "page.png"),
        (b"%PDF-1.7 not a picture", "paper.png"),
        (picture()[:40], "cut.png"),
        (picture() + b"PK\x03\x04<script>", "two-files.png"),
        (picture("BMP"), "old.bmp"),
    ],
)
def test_what_is_no_picture_is_refused_and_leaves_nothing(town: Town, data: bytes, name: str) -> None:
    site = failing(town)
    refused = mend(town, site, picture=(io.BytesIO(data), name), note="The seal is there now.")
    assert refused.status_code == 422
    assert "The seal is there now." in refused.text
    assert not Proof.select().exists()
    assert not StoredFile.select().exists()
    assert ChecklistRun.get().version == 1


def test_a_check_takes_a_picture_for_each_line_and_names_every_file_that_is_none(town: Town) -> None:
    site = factories.site(town, checked=False)
    url, browser = f"/sites/{site.id}/checklists/authenticity", town.client("coordinator.library")
    lines = lines_of(ChecklistKind.AUTHENTICITY)

    def data(**pictures: bytes) -> dict[str, Any]:
        fields: dict[str, Any] = {"number": "1", "version": "0"} | {f"{key}_answer": "yes" for key in lines}
        return fields | {f"{key}_picture": (io.BytesIO(pictures.get(key, picture())), f"{key}.png") for key in lines}

    refused = browser.submit(url, data(identity=b"no picture", guideline=b"none"), content_type="multipart/form-data")
    assert refused.status_code == 422
    for key in ("identity", "guideline"):
        assert f'href="#{key}_picture"' in refused.text
    assert not StoredFile.select().exists()
    assert browser.submit(url, data(), content_type="multipart/form-data").status_code == 303
    assert StoredFile.select().count() == ChecklistAnswer.select().count() == len(lines)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (ProofFacts(), "note"),
        (ProofFacts(note="  "), "note"),
        (ProofFacts(link="facebook.com/x"), "link"),
        (ProofFacts(link="javascript:alert(1)"), "link"),
        (ProofFacts(link="data:text/html,x"), "link"),
        (ProofFacts(link="https://"), "link"),
    ],
)
def test_what_shows_nothing_is_refused(town: Town, facts: ProofFacts, field: str) -> None:
    site = factories.site(town)
    with pytest.raises(Invalid) as refusal, unit_of_work():
        keep_proof(town.actor("it"), site.id, facts, clock=town.clock)
    assert refusal.value.problems.keys() == {field}
    assert not Proof.select().exists()


def test_many_proofs_are_read_at_once(town: Town) -> None:
    site = factories.site(town)
    with unit_of_work():
        made = [keep_proof(town.actor("it"), site.id, ProofFacts(note=f"n{n}"), clock=town.clock) for n in range(3)]
    assert [proofs([*made, None])[proof_id].note for proof_id in made] == ["n0", "n1", "n2"]
    assert proofs([None]) == {}

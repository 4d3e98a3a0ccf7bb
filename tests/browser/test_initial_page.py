"""How much a browser fetches before a person sees a page, by the files that are built."""

import gzip
import re
from importlib.resources import files
from pathlib import Path

import pytest

APP = Path(str(files("goldsmith") / "_ui"))
LIMIT_BYTES = 120_000
STATIC_IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*["']\./([\w.-]+\.js)["']""")
PAGES = sorted(path.stem for path in (Path(__file__).parents[2] / "web/src/pages").glob("*.svelte"))


def eager(names: set[str]) -> set[str]:
    """These scripts and all that they import without asking, by their names in `assets`."""
    found: set[str] = set()
    while names:
        name = names.pop()
        found.add(name)
        names |= set(STATIC_IMPORT.findall((APP / "assets" / name).read_text())) - found
    return found


def packed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 6))


@pytest.mark.parametrize("page", PAGES)
def test_no_page_is_large_when_it_is_the_first(page):
    shell = (APP / "index.html").read_text()
    linked = set(re.findall(r'(?:src|href)="/(assets/[^"]+)"', shell))
    pages = {path.name for path in (APP / "assets").glob(f"{page}-*.js")}
    scripts = eager({name.removeprefix("assets/") for name in linked if name.endswith(".js")} | pages)
    stems = {name.rpartition("-")[0] for name in scripts}
    styles = {path for path in (APP / "assets").glob("*.css") if path.name.rpartition("-")[0] in stems}
    language = max((APP / "assets").glob("language-*.js"), key=packed)
    fetched = [APP / "index.html", language, *styles, *(APP / "assets" / name for name in scripts)]
    sizes = {path.name: packed(path) for path in fetched}

    assert pages or page == "SignIn", f"{page} has no file; only the page to sign in comes with the shell"
    assert any(name.startswith("index-") for name in sizes)
    assert sum(sizes.values()) <= LIMIT_BYTES, sorted(sizes.items(), key=lambda one: -one[1])[:8]


def test_each_language_is_a_file_of_its_own():
    languages = {path.name.split("-")[1] for path in (APP / "assets").glob("language-*.js")}
    assert languages == {"en", "de", "es", "fr", "zh", "ar"}
    shell = (APP / "index.html").read_text()
    assert not re.search(r"language-\w+-", shell), "a language would be fetched before it is chosen"

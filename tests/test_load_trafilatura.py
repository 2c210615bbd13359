"""trafilatura's own XML, and its TEI."""

from pathlib import Path

import pytest

from tests.test_load_formats import articles

RAIL = "The freight line will reopen on June 3 after repairs costing $48 million, officials said."
DOC = (
    '<doc sitename="Steppe Daily" title="Rail &amp; road" author="Ann Lee" date="2024-05-14" source="https://steppe.example/a" '
    f'hostname="steppe.example" fingerprint="f00"><main><head rend="h2">Why</head><p>{RAIL}</p><list><item>One &lt;2&gt;</item></list></main><comments/></doc>'
)
TEI = (
    '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>Rail &amp; road</title><author>Ann Lee</author></titleStmt>'
    '<sourceDesc><biblFull><publicationStmt><publisher>Steppe Daily</publisher><date>2024-05-14</date><ptr type="URL" target="https://steppe.example/a"/>'
    f"</publicationStmt></biblFull></sourceDesc></fileDesc></teiHeader>"
    f'<text><body><div type="entry"><ab rend="h2">Why</ab><p>{RAIL}</p><p>One &lt;2&gt;</p></div></body></text></TEI>'
)


@pytest.mark.parametrize("text", [DOC, '<?xml version="1.0" encoding="UTF-8"?>\n' + DOC, TEI])
@pytest.mark.parametrize("name", ["a.xml", "a.txt"])
def test_the_article_and_what_is_stated(tmp_path: Path, text: str, name: str) -> None:
    (tmp_path / name).write_text(text)
    (found,) = articles(tmp_path / name)
    assert (found.title, found.author, found.outlet) == ("Rail & road", "Ann Lee", "Steppe Daily")
    assert (found.published, found.url) == ("2024-05-14", "https://steppe.example/a")
    assert found.text == f"Why\n{RAIL}\nOne <2>"

"""A result as a Word document: what is cited stands in footnotes, the articles at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from index.records import Article
from rag.export.documents import Block, Result, labels

if TYPE_CHECKING:
    from docx.document import Document as DocxDocument
    from docx.text.paragraph import Paragraph

from rag.export.text import also_in, byline, clean, one_line, quoted, web_address
from rag.results.hits import Citation

_WORD_CHINESE = {
    "zh-Hant": ("Microsoft JhengHei", "zh-TW"),
    "zh-Hans": ("Microsoft YaHei", "zh-CN"),
}
"""The font and language of Chinese in Word, by the language of a result."""


def to_docx(result: Result) -> bytes:
    """A Word document: unsupported sentences marked; the quotes with their sources as footnotes; then
    the articles that are cited, each once."""
    import docx

    from rag.export.footnotes import Footnotes

    given = result.document()
    words = labels(given.language)
    made = docx.Document()
    made.core_properties.title = clean(given.title)[:255]
    made.core_properties.author = "newscite"
    _docx_styles(made, given.language)
    made.add_heading(clean(given.title), 1)
    notes = Footnotes(made)
    cited = {citation.n: citation for citation in given.citations}

    def cite(paragraph: Paragraph, n: int) -> None:
        if n in cited:
            notes.refer(paragraph, n, lambda note: _docx_note(note, cited[n], words))

    for block in given.blocks:
        _docx_block(made, block, given.space, cite)
    if cited:
        made.add_heading(words["sources"], 2)
    articles = {citation.article.id: citation.article for citation in given.citations}
    for article in articles.values():
        _docx_source(made.add_paragraph(), article, words)
    if given.related:
        made.add_heading(words["related"], 2)
        for hit in given.related:
            source = made.add_paragraph()
            source.paragraph_format.keep_with_next = True
            _docx_source(source, hit.article, words)
            made.add_paragraph(clean(hit.passage.text), style="Intense Quote")
    buffer = BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def _docx_styles(made: DocxDocument, language: str) -> None:
    """Sets fonts for Chinese, which Word would set in a Japanese font, and upright quotes, since Chinese
    has no italics."""
    from docx.oxml.ns import qn

    font, tag = _WORD_CHINESE.get(language, _WORD_CHINESE["zh-Hans"])
    made.styles["Normal"].font.name = "Calibri"
    for name in ("Normal", "Heading 1", "Heading 2"):
        fonts = made.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.pop(qn("w:eastAsiaTheme"), None)  # it would win over the font
        fonts.set(qn("w:eastAsia"), font)
    for default in made.styles.element.iter(qn("w:lang")):
        default.set(qn("w:eastAsia"), tag)
    quote = made.styles["Intense Quote"].font
    quote.bold = quote.italic = False


def _docx_block(
    made: DocxDocument, block: Block, space: str, cite: Callable[[Paragraph, int], None]
) -> None:
    from docx.enum.text import WD_COLOR_INDEX

    if block.kind == "heading":
        made.add_heading(clean(block.runs[0].text), 2)
        return
    paragraph = made.add_paragraph(style="List Bullet" if block.kind == "item" else None)
    for run in block.runs:
        text = paragraph.add_run(clean(run.text))
        text.bold = run.strong or None
        text.italic = bool(run.lacking) or block.kind == "note" or None
        if run.lacking:
            why = paragraph.add_run(f" ({clean(run.lacking)})")
            why.font.highlight_color = WD_COLOR_INDEX.YELLOW
        for n in run.citations:
            cite(paragraph, n)
        paragraph.add_run(space or " " * (block.kind == "item"))


def _docx_note(note: Paragraph, citation: Citation, words: Mapping[str, str]) -> None:
    """A footnote: the quote, where it stands, and where else."""
    note.add_run(f"{quoted(clean(one_line(citation.quote)))} ")
    _docx_source(note, citation.article, words)
    if citation.also_in:
        note.add_run(f" {words['also_in']}: {clean(also_in(citation))}")


def _docx_source(paragraph: Paragraph, article: Article, words: Mapping[str, str]) -> None:
    title = clean(one_line(article.title) or article.file or words["untitled"])
    paragraph.add_run(title).bold = True
    if article.outlet or article.author or article.published:
        paragraph.add_run(f", {byline(article)}")
    address = web_address(article.url)
    if address:
        paragraph.add_run(" ")
        _docx_link(paragraph, address)


def _docx_link(paragraph: Paragraph, address: str) -> None:
    """Adds a hyperlink (ECMA-376 17.16.22), for which python-docx has no call."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, True))
    run = paragraph.add_run(address)
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)

"""A comparison as columns, one for each outlet (country, language ...), the findings below.

In: a `Comparison`. Out: HTML.
"""

from __future__ import annotations

from rag.analysis.comparison import Comparison, finding_runs, group_name, group_title
from rag.answer.answer import runs
from ui.page.draw.answers import cited_runs, message
from ui.page.render import attribute, escape
from ui.words import words


def comparison(result: Comparison, turn: str) -> str:
    """An answer beside the other, then where they agree, differ and contradict."""
    say = words(result.language)
    columns = "".join(
        f"<section><h3>{escape(group_title(group.name, group.articles, result.language))}</h3>"
        f'<div lang="{attribute(group.answer.language)}">'
        f"{cited_runs(runs(group.answer), turn, ' ')}</div></section>"
        for group in result.groups
    )
    parts = [
        f'<h2 class="nc-asked-title">{escape(result.question)}</h2>',
        f'<div class="nc-columns" lang="{attribute(result.language)}">{columns}</div>',
    ]
    for kind in ("agree", "differ", "contradict"):
        found = [finding for finding in result.findings if finding.kind == kind]
        items = "".join(
            f"<li>{cited_runs(finding_runs(finding, result.language), turn, ' ')}</li>"
            for finding in found
        )
        if items:
            heading = escape(say[kind])
            parts.append(
                f'<div class="nc-findings nc-{kind}"><h3>{heading}</h3><ul>{items}</ul></div>'
            )
    if result.left_out:
        names = ", ".join(group_name(name, result.language) for name in result.left_out)
        parts.append(f'<div class="nc-note">{escape(say["left_out"])}: {escape(names)}</div>')
    notes = dict.fromkeys(note for group in result.groups for note in group.answer.notes)
    parts += [f'<div class="nc-note">{escape(note)}</div>' for note in notes]
    if not result.groups:
        parts = [f'<div class="nc-answer nc-abstained">{escape(say["no_groups"])}</div>']
    return message(parts, result, turn)

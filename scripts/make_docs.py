"""Build the documentation site: the pages of `docs/`, and the reference, which is generated from what it is about.

    python scripts/make_docs.py            # into build/site, strictly: a dead link is an error

Nothing is fetched. Sheets, terms, vocabularies and diagrams come from the ontology, codes from shapes and catalogue,
commands from their parsers, the Python reference from docstrings, the figures on speed from what `make bench` wrote.
The explorer is written beside the pages, in `explorer/`; a page links to it by `[text](explorer:/explore)`.
"""

from __future__ import annotations

import argparse
import os
import posixpath
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import bicentennial
from bicentennial.cli import build_parser
from bicentennial.core.messages import LANGUAGES, entry
from bicentennial.core.namespaces import BIC, compact
from bicentennial.explorer.catalogue import address
from bicentennial.explorer.export import SITE as EXPLORER
from bicentennial.explorer.export import export_site
from bicentennial.html.assets import STATIC
from bicentennial.knowledge.sparql.library import by_topic
from bicentennial.knowledge.tables import markdown
from bicentennial.report.codes.explanation import codes
from bicentennial.report.codes.pages import article
from bicentennial.semantics import mapping
from bicentennial.vocabulary.index import default_index

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bicentennial.report.codes.explanation import Explanation

sys.path.insert(0, str(Path(__file__).parent))
from model_diagrams import class_picture

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCE: Final = ROOT / "docs"
MADE: Final = ROOT / "build" / "docs"
BUILT: Final = ROOT / "build" / "site"
_TO_EXPLORER: Final = re.compile(r"\[([^\]\n]+)\]\(explorer:([^)\s]+)\)")
# What `make bench` wrote here, or else what is kept of a full run.
_MEASURED: Final = (ROOT / "build" / "benchmark.md", SOURCE / "figures.md")
WORDS: Final[dict[str, Any]] = tomllib.loads((SOURCE / "words.toml").read_text(encoding="utf-8"))
DRAWN: Final = (
    "Action",
    "Indicator",
    "Measurement",
    "FinancialRecord",
    "Milestone",
    "SourceDocument",
    "Passage",
    "Claim",
)


def words(section: str, lang: str) -> dict[str, str]:
    """Return the words of a section of `docs/words.toml` in a language."""
    return {key: texts[lang] for key, texts in WORDS[section].items()}


def head(section: str, lang: str) -> str:
    """Return the beginning of a generated page."""
    said = words(section, lang)
    return f"# {said['title']}\n\n{said['intro']}\n\n"


def commands(lang: str) -> str:
    """Return the help of each command and of its subcommands."""
    return head("commands", lang) + "".join(_helps(build_parser([], lang), 1))


def _helps(parser: argparse.ArgumentParser, level: int) -> Iterator[str]:
    if level > 1:
        name = parser.prog.removeprefix("bicentennial ")
        yield f"{'#' * level} {name}\n\n```text\n{parser.format_help().rstrip()}\n```\n\n"
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to ask
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for inner in action.choices.values():
                yield from _helps(inner, level + 1)


def python(lang: str) -> str:
    """Return the page of the public names, for mkdocstrings to fill in."""
    said = words("python", lang)
    groups: dict[str, list[str]] = {"calls": [], "answers": [], "errors": []}
    for name in bicentennial.__all__:
        what = getattr(bicentennial, name)
        if name.startswith("__"):
            continue
        kind = "errors" if name.endswith("Error") else "answers" if isinstance(what, type) else "calls"
        options = [f"heading: {name}", f"toc_label: {name}"]
        if kind == "answers":
            options.append("inherited_members: true")
        said_of = "".join(f"      {option}\n" for option in options)
        groups[kind].append(f"::: {what.__module__}.{what.__qualname__}\n    options:\n{said_of}")
    text = head("python", lang)
    for kind, names in groups.items():
        text += f"## {said[kind]}\n\n" + "\n".join(names) + "\n"
    return f"{text}## {said['models']}\n\n{said['models-intro']}\n"


def tables(lang: str) -> str:
    """Return the sheets of the form with their columns."""
    said, index = words("tables", lang), default_index()
    asked = entry("exchange", "template")["questions"]
    text = head("tables", lang)
    for table in index.tables:
        rows = []
        for column in table.columns:
            name = markdown(column.header[lang])
            question = asked.get(table.name["en"], {}).get(column.header["en"], {}).get(lang, "")
            about = index.properties.get(column.iri, {})
            expected = about.get("of", {}).get(table.iri, {}).get("expected", {}).get(lang, "")
            rows.append(
                [
                    f"**{name}**" if column.required else name,
                    markdown(question or about.get("definition", {}).get(lang, "")),
                    markdown(expected) + ("" if column.template else f" ({said['more']})"),
                ]
            )
        text += f"## {table.name[lang]}\n\n{_rows([said['column'], said['asks'], said['holds']], rows)}\n\n"
    return text


def _rows(heads: list[str], rows: Iterable[list[str]]) -> str:
    """Return a table of Markdown whose cells are Markdown already."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def terms(lang: str) -> str:
    """Return the classes of the ontology with their properties."""
    said, index = words("terms", lang), default_index()
    text = head("terms", lang)
    for iri, about in sorted(index.classes.items(), key=lambda item: item[1]["label"][lang]):
        text += f"## {about['label'][lang]} {{#{_anchor(iri)}}}\n\n"
        text += f"`{compact(iri)}` · {markdown(about['definition'][lang])}"
        text += f" [{said['explorer']}](explorer:{address(iri)})\n\n" if address(iri) else "\n\n"
        above = [each for each in about["superclasses"] if each in index.classes]
        if above:
            text += f"{said['kind-of']}: {', '.join(_link(each, lang) for each in above)}.\n\n"
        if about["alternatives"][lang]:
            text += f"{said['also']}: {', '.join(about['alternatives'][lang])}.\n\n"
        rows = list(_properties(iri, lang, said["any"]))
        if rows:
            text += _rows([said["property"], said["meaning"], said["value"], said["many"]], rows) + "\n\n"
    return text


def _anchor(iri: str) -> str:
    return compact(iri).replace(":", "-")


def _link(iri: str, lang: str) -> str:
    return f"[{default_index().classes[iri]['label'][lang]}](#{_anchor(iri)})"


def _properties(iri: str, lang: str, any_number: str) -> Iterator[list[str]]:
    for name, about in sorted(default_index().properties.items(), key=lambda item: item[1]["label"][lang]):
        structure = about.get("of", {}).get(iri)
        if structure is None:
            continue
        least, most = structure.get("min") or 0, structure.get("max")
        many = any_number if not least and most is None else f"{least}…{'' if most is None else most}"
        targets = [_link(each, lang) for each in structure.get("ranges", ()) if each in default_index().classes]
        yield [
            f"{about['label'][lang]}<br>`{compact(name)}`",
            markdown(about["definition"][lang]),
            ", ".join(targets) or ", ".join(f"`{compact(each)}`" for each in structure.get("datatypes", ())),
            many,
        ]


def vocabularies(lang: str) -> str:
    """Return the closed lists."""
    from bicentennial.core.namespaces import SKOS
    from bicentennial.rdf.ontology import read

    said = words("vocabularies", lang)
    other = next(each for each in LANGUAGES if each != lang)
    text = head("vocabularies", lang)
    for path in sorted((ROOT / "ontology" / "vocabularies").glob("*.ttl")):
        about: dict[str, dict[str, dict[str, str]]] = {}
        for quad in read(f"vocabularies/{path.name}"):
            value = quad.object
            said_of = about.setdefault(str(getattr(quad.subject, "value", "")), {})
            said_of.setdefault(quad.predicate.value, {})[getattr(value, "language", None) or ""] = getattr(
                value, "value", ""
            )
        schemes = [iri for iri, each in about.items() if SKOS.inScheme not in each and SKOS.prefLabel in each]
        for scheme in schemes:
            labels = about[scheme][SKOS.prefLabel]
            text += f"## {labels[lang]}\n\n{markdown(about[scheme].get(SKOS.definition, {}).get(lang, ''))}\n\n"
            rows = [
                [
                    _in_explorer(markdown(each[SKOS.prefLabel][lang]), address(iri)),
                    markdown(each[SKOS.prefLabel][other]),
                    f"`{compact(iri)}`"
                    if SKOS.notation not in each
                    else f"`{next(iter(each[SKOS.notation].values()))}`",
                    markdown(each.get(SKOS.definition, {}).get(lang, "")),
                ]
                for iri, each in about.items()
                if each.get(SKOS.inScheme, {}).get("") == scheme and SKOS.prefLabel in each
            ]
            heads = [said["label"], said["other"], said["identifier"], said["definition"]]
            text += _rows(heads, rows) + "\n\n"
    return text


def questions(lang: str) -> str:
    """Return the named questions by topic."""
    said = words("questions", lang)
    text = head("questions", lang)
    for topic, queries in by_topic().items():
        rows = [
            [
                f"`{each.name}`",
                f"**{markdown(each.title[lang])}**<br>{markdown(each.description[lang])}",
                ", ".join(f"`{name}`" for name in each.parameters),
            ]
            for each in queries
        ]
        text += f"## {entry('query', 'topic')[topic][lang]}\n\n"
        text += _rows([said["name"], said["question"], said["parameters"]], rows) + "\n\n"
    return text


def code_pages(lang: str) -> dict[str, str]:
    """Return the pages of the codes by their names."""
    said = words("codes", lang)
    forms = {compact(table.iri).removeprefix("bic:"): table for table in default_index().tables}
    groups: dict[str, list[Explanation]] = {name: [] for name in ("reading", *forms, "versions", "others")}
    for code, each in codes().items():
        class_name = code.partition("-")[0]
        group = (
            class_name if class_name in forms else "versions" if code.startswith("version-") and not each.shape else ""
        )
        groups[group or ("others" if each.shape else "reading")].append(each)
    for code in ("version-several", "version-unknown"):
        moved = [each for each in groups["versions"] if each.code == code]
        groups["reading"] += moved
        groups["versions"] = [each for each in groups["versions"] if each.code != code]
    pages = {}
    titles = {name: said.get(name) or said["sheet"].format(sheet=forms[name].name[lang]) for name in groups}
    for name, explained in groups.items():
        text = f"# {titles[name]}\n\n"
        if name == "others":
            text += f"{said['others-intro']}\n\n{_list(explained, lang, said)}"
        else:
            text += "".join(_section(each, lang) for each in explained)
        pages[_file(name)] = text
    lines = [f"- [{titles[name]}]({_file(name)}.md) ({len(explained)})" for name, explained in groups.items()]
    pages["index"] = head("codes", lang) + "\n".join(lines) + "\n"
    return pages


def _section(explained: Explanation, lang: str) -> str:
    """Return a code with its heading as the site has them: the list beside the page shows the code."""
    heading = f"## {markdown(explained.title[lang])} {{#{explained.code} data-toc-label='{explained.code}'}}"
    start, _, rest = str(article(explained, lang, level=2)).partition("</h2>")
    return f"{heading}\n\n<div>{start.partition('<h2>')[0]}{rest}</div>\n\n"


def _file(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).removeprefix("-")


def _list(explained: Iterable[Explanation], lang: str, said: dict[str, str]) -> str:
    grades = entry("report", "severity")
    rows = [
        [
            _in_explorer(f"`{each.code}`", f"/codes/{each.code}"),
            grades[each.severity]["one"][lang],
            markdown(each.title[lang]),
        ]
        for each in explained
    ]
    return _rows([said["code"], said["severity"], said["demand"]], rows) + "\n"


def _in_explorer(text: str, path: str | None) -> str:
    return f"[{text}](explorer:{path})" if path else text


def _linked(text: str, page: str) -> str:
    """Return a page with its links into the explorer as the builder leaves them alone: relative, and as HTML."""
    lang, _, rest = page.partition("/")
    here = posixpath.dirname(rest if lang == LANGUAGES[0] else page)  # the pages of the first language are at the top

    def link(found: re.Match[str]) -> str:
        there = f"explorer{EXPLORER.file(f'/{lang}{found[2]}')}"
        shown = re.sub(r"`([^`]+)`", r"<code>\1</code>", found[1])
        return f'<a href="{posixpath.relpath(there, here or ".")}">{shown}</a>'

    return _TO_EXPLORER.sub(link, text)


def pictures() -> dict[str, str]:
    """Return the diagrams: the Framework on one page, and the classes that a reader meets first."""
    from bicentennial.exchange.publications.diagram import diagram

    index, made = default_index(), {}
    for lang in LANGUAGES:
        made[f"framework-{lang}.svg"] = diagram(lang)
        for name in DRAWN:
            iri = str(BIC) + name
            title = words("diagram", lang)["properties"].format(label=index.classes[iri]["label"][lang])
            made[f"model-{_file(name)}-{lang}.svg"] = class_picture(index, iri, lang, title)
    return made


def make() -> None:
    """Write the sources of the site: the pages as they are, and what is generated."""
    shutil.rmtree(MADE, ignore_errors=True)
    shutil.copytree(SOURCE, MADE, ignore=shutil.ignore_patterns("words.toml", "figures.md"))
    shutil.copy(STATIC / "icon.svg", MADE / "assets")
    for name, text in pictures().items():
        _write(MADE / "assets" / "diagrams" / name, text)
    measured = next((each for each in _MEASURED if each.is_file()), None)
    for lang in LANGUAGES:
        for name, made in (
            ("commands", commands), ("python", python), ("tables", tables), ("terms", terms),
            ("vocabularies", vocabularies), ("questions", questions),
        ):  # fmt: skip
            _write(MADE / lang / "reference" / f"{name}.md", made(lang))
        for name, text in code_pages(lang).items():
            _write(MADE / lang / "reference" / "codes" / f"{name}.md", text)
        page = MADE / lang / "how-to" / "mapping-files.md"
        example = str(mapping.__doc__).partition("\n\n")[2].strip()
        _write(page, page.read_text(encoding="utf-8").replace("<!-- mapping -->", example))
        figures = measured.read_text(encoding="utf-8") if measured else ""
        for name, mark, found in (("speed", "figures", figures), ("shacl", "lubm", _of_lubm(figures))):
            page = MADE / lang / "explanation" / f"{name}.md"
            said = words("benchmark", lang)
            text = f"{said['as-printed']}\n\n{found}" if found else said["none"]
            _write(page, page.read_text(encoding="utf-8").replace(f"<!-- {mark} -->", text))
    for page in MADE.rglob("*.md"):
        _write(page, _linked(page.read_text(encoding="utf-8"), page.relative_to(MADE).as_posix()))


def _of_lubm(figures: str) -> str:
    """Return of the tables of a benchmark those of LUBM, with where they were measured; nothing if there are none."""
    surroundings, *tables = re.split(r"^(?=## )", figures, flags=re.MULTILINE)[1:] or [""]
    found = [table for table in tables if table.startswith("## LUBM")]
    return "".join([surroundings, *found]) if found else ""


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main() -> int:
    """Build the site, and return what the builder ends with."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    os.environ["NO_MKDOCS_2_WARNING"] = "1"  # an advertisement
    parser.add_argument("--explorer", metavar="FOLDER", help="what `bicentennial export site` wrote, to be copied")
    explorer = parser.parse_args().explorer
    make()
    done = subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"], cwd=ROOT, check=False)
    if done.returncode == 0:
        shutil.rmtree(BUILT / "explorer", ignore_errors=True)
        if explorer is None:
            export_site(BUILT / "explorer")
        else:
            shutil.copytree(explorer, BUILT / "explorer")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())

from __future__ import annotations

from typing import Any

import pytest

from bicentennial.core.errors import LimitReachedError
from bicentennial.formats.csv.delimited import Dialect, dialect_of
from bicentennial.intake import Limits

HEADER = "id,title,goal,responsible_party"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_the_delimiter_is_the_one_that_makes_headers_known(reads: Any, name: str, delimiter: str) -> None:
    lines = [delimiter.join(HEADER.split(",")), delimiter.join(["A-1", "a, b; c | d", "G1", "SRE"])]
    quoted = "\n".join(lines).replace("a, b; c | d", '"a, b; c | d"')
    assert reads(name, quoted).values("prefLabel") == ["a, b; c | d"]


def test_a_sep_line_is_obeyed_and_is_no_row(reads: Any) -> None:
    submission = reads("a.csv", "sep=^\r\nid^title^goal^responsible_party\r\nA-1^x^G1^SRE\r\n")
    assert submission.said("prefLabel") == [("A-1", "x", 2, "en", 2, 2, None)]


def test_rows_are_counted_as_a_spreadsheet_program_does(reads: Any) -> None:
    text = f'Our programme,,,\n\n{HEADER}\nA-1,"two\nlines",G1,SRE\n,,,\n \nA-2,x,G2,SRE\n'
    submission = reads("a.csv", text)
    assert [(each[0], each[4]) for each in submission.said("identifier")] == [("A-1", 4), ("A-2", 7)]
    assert submission.submission.sheets[0].header_row == 3
    assert submission.findings == []


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_newline_ends_a_row(reads: Any, newline: str) -> None:
    text = newline.join([HEADER, "A-1,x,G1,SRE", "A-2,y,G1,SRE", ""])
    assert reads("a.csv", text).values("prefLabel") == ["x", "y"]


def test_several_values_in_a_cell(reads: Any) -> None:
    submission = reads("a.csv", HEADER + "\nA-1,one; two,G1 ; ;meta II,SRE\n")
    assert submission.said("advancesGoal") == [
        ("A-1", "bicd:goal-protect-our-people", 0, "", 2, 3, 1),
        ("A-1", "bicd:goal-prevent-transborder-crime", 0, "", 2, 3, 3),
    ]
    assert submission.values("prefLabel") == ["one; two"]


def test_rows_that_are_too_long_or_too_short(reads: Any) -> None:
    submission = reads("a.csv", HEADER + ",partner\nA-1,x,G1,SRE,,over\nA-2,x,G1\nA-3,x,G1,SRE,,,\n")
    assert submission.found() == [("row-too-long", "F2"), ("row-too-short", 3)]
    assert [each.severity for each in submission.findings] == ["violation", "warning"]
    assert submission.findings[0].message["es"].startswith("La fila 2 tiene 6 valores para 5 encabezados")


def test_a_quotation_mark_that_is_never_closed(reads: Any) -> None:
    submission = reads("a.csv", HEADER + '\nA-1,x,G1,SRE\nA-2,"y,G1,SRE\nA-3,z,G1,SRE\n')
    assert submission.found() == [("quote-unclosed", 3)]
    assert submission.values("prefLabel") == ["x"]


def test_text_after_a_closing_quotation_mark(reads: Any) -> None:
    submission = reads("a.csv", HEADER + '\nA-1,"x "y" z",G1,SRE\nA-2,w,G1,SRE\n')
    assert submission.found() == [("quote-stray", 2)]
    assert submission.values("prefLabel")[-1] == "w"


def test_a_column_without_a_header_is_named_if_it_holds_anything(reads: Any) -> None:
    submission = reads("a.csv", HEADER + ",,,partner\nA-1,x,G1,SRE,,y,UNODC\n")
    assert submission.found() == [("header-blank", "F1")]
    assert submission.values("hasPartner") == ["bicd:agency-unodc"]


def test_identifiers_make_subjects(reads: Any) -> None:
    submission = reads("a.csv", HEADER + "\nA 1/ñ,x,G1,SRE\n,y,G1,SRE\nA 1/ñ,z,G1,SRE\n")
    rows = submission.submission.dataset.connection.execute(
        "SELECT DISTINCT s, row FROM statements ORDER BY row"
    ).fetchall()
    assert rows == [
        ("urn:x-bicentennial:action:A%201%2F%C3%B1", 2),
        ("urn:x-bicentennial:action::row:3", 3),
        ("urn:x-bicentennial:action:A%201%2F%C3%B1:row:4", 4),
    ]


def test_values_keep_their_lexical_form(reads: Any) -> None:
    header = HEADER + ",start_date,due_date,end_date,budget,currency"
    submission = reads(
        "a.csv",
        header + '\nA-1,x,G1,SRE,2023-02,2023-02-30,2023,007.50,usd\nA-2,x,G1,SRE,03/04/2023,,,"1,000",US dollar\n',
    )
    assert submission.said("startDate") == [
        ("A-1", "2023-02", 2, "xsd:gYearMonth", 2, 5, None),
        ("A-2", "03/04/2023", 2, "xsd:string", 3, 5, None),
    ]
    assert submission.said("dueDate") == [("A-1", "2023-02-30", 2, "xsd:string", 2, 6, None)]
    assert submission.said("endDate") == [("A-1", "2023", 2, "xsd:gYear", 2, 7, None)]
    assert submission.said("budgetAmount") == [
        ("A-1", "007.50", 2, "xsd:decimal", 2, 8, None),
        ("A-2", "1,000", 2, "xsd:string", 3, 8, None),
    ]
    assert submission.values("budgetCurrency") == ["USD", "USD"]


def test_numbers_of_too_many_digits_stay_text(reads: Any) -> None:
    submission = reads("a.csv", f"{HEADER},budget\nA-1,x,G1,SRE,{'9' * 60}\n")
    assert submission.said("budgetAmount")[0][3] == "xsd:string"


@pytest.mark.parametrize(
    ("limits", "setting"),
    [
        (Limits(file_bytes=10), "file_bytes"),
        (Limits(rows=2), "rows"),
        (Limits(columns=3), "columns"),
        (Limits(cell_characters=4), "cell_characters"),
        (Limits(statements=5), "statements"),
    ],
)
def test_limits_are_named_when_reached(reads: Any, limits: Limits, setting: str) -> None:
    with pytest.raises(LimitReachedError) as caught:
        reads("a.csv", HEADER + "\nA-1,x,G1,SRE\nA-2,y,G1,SRE\n", limits=limits)
    assert caught.value.setting == setting
    assert f"“{setting}”" in caught.value.text["en"]
    assert f"«{setting}»" in caught.value.text["es"]


def test_cells_larger_than_any_are_refused(reads: Any) -> None:
    with pytest.raises(LimitReachedError) as caught:
        reads("a.csv", f"{HEADER}\nA-1,{'x' * 200_000},G1,SRE\n")
    assert caught.value.setting == "cell_characters"


def test_twenty_thousand_columns_are_refused(reads: Any) -> None:
    with pytest.raises(LimitReachedError) as caught:
        reads("a.csv", HEADER + "," * 20_000 + "\n")
    assert caught.value.setting == "columns"


def test_where_no_header_is_known_the_delimiter_is_the_one_of_even_rows() -> None:
    text = "Clave;Proyecto, en curso;Monto\n1;a, b, c;5\n2;x;6\n3;y, z;7\n"
    assert dialect_of(text, lambda rows: 0, tab=False) == Dialect(";")
    assert dialect_of(text.replace(";", "|"), lambda rows: 0, tab=False) == Dialect("|")
    # Rows that are as even either way have the usual delimiter.
    assert dialect_of("a,b;c,d\n1,2;3,4\n", lambda rows: 0, tab=False) == Dialect(",")


@pytest.mark.parametrize("rows", [4, 3_000, 30_000])
def test_a_quotation_mark_left_open_is_one_finding_whatever_the_size(reads: Any, rows: int) -> None:
    lines = [f"A-{number},x,G1,SRE" for number in range(1, rows + 1)]
    lines[1] = 'A-2,"x,G1,SRE'
    assert reads("a.csv", "\n".join([HEADER, *lines])).found() == [("quote-unclosed", 3)]
    lines[-1] = f'A-{rows},x",G1,SRE'
    read = reads("a.csv", "\n".join([HEADER, *lines, "A-0,last,G1,SRE"]))
    assert read.found() == [("quote-swallows-rows", "B3")]
    assert f"{rows - 1} lines" in read.findings[0].message["en"].replace(",", "")
    assert read.values("identifier") == ["A-1", "A-2", "A-0"]
    assert max(map(len, read.values("prefLabel"))) <= Limits().cell_characters


def test_a_value_that_is_too_long_stays_one_whatever_ends_it(reads: Any) -> None:
    with pytest.raises(LimitReachedError) as caught:
        reads("a.csv", HEADER + f'\nA-1,x,G1,SRE\nA-2,"{"y " * 100_000}",G1,SRE\n')
    assert (caught.value.setting, "200,000" in caught.value.text["en"]) == ("cell_characters", True)


def test_lines_quoted_as_a_whole_of_which_one_is_left_open(reads: Any) -> None:
    lines = [f'"A-{number},x,G1,SRE"' for number in range(1, 100)]
    lines += ['"A-100,x,G1,SRE', *(f"A-{number},x,G1,SRE" for number in range(101, 9_000))]
    read = reads("a.csv", "\n".join([f'"{HEADER}"', *lines]))
    assert read.found() == [("lines-quoted", None)]
    assert len(read.values("identifier")) == 8_999

"""What officers of both countries type, and the one right reading of it, or none."""

from __future__ import annotations

import pytest

from bicentennial.semantics.values.amounts import suggest_number
from bicentennial.semantics.values.currencies import suggest_currency
from bicentennial.semantics.values.dates import read_date, suggest_date
from bicentennial.semantics.values.plain_text import is_error, is_placeholder
from bicentennial.semantics.values.typed import date_type

AMOUNTS = {
    # Mexican and U.S. thousands, signs and names of currencies
    "250,000.00 M.N.": ["250000.00"],
    "250,000.00 MN": ["250000.00"],
    "$250,000.00 m.n.": ["250000.00"],
    "$ 1,234,567.00 M. N.": ["1234567.00"],
    "$1,234,567.00": ["1234567.00"],
    "1'234,567.00": ["1234567.00"],
    "MXN 1,200": ["1200"],
    "MXN$1,200": ["1200"],
    "$1,200.00MXN": ["1200.00"],
    "1,200 USD": ["1200"],
    "US$1,200.50": ["1200.50"],
    "U.S. $1,200": ["1200"],
    "u$s 5,000": ["5000"],
    "5,000 dlls.": ["5000"],
    "5 000 pesos mexicanos": ["5000"],
    "1 000 000": ["1000000"],
    "1\u00a0000\u202f000": ["1000000"],
    "1,000": ["1000"],
    "1.000.000,50": ["1000000.50"],
    "€5.000,00": ["5000.00"],
    "1 234 567,89": ["1234567.89"],
    "$1.000": ["1000", "1.000"],
    "1,5": ["1.5"],
    "0,500": ["0.500"],
    "1234,567": ["1234.567"],
    "5,000.-": ["5000"],
    "$250,000.00 (Doscientos cincuenta mil pesos 00/100 M.N.)": ["250000.00"],
    "$250,000 (doscientos cincuenta mil pesos 50/100 M.N.)": ["250000.50"],
    "aprox. 5000": ["5000"],
    "~5,000": ["5000"],
    # units
    "25 mdp": ["25000000"],
    "25 MDP": ["25000000"],
    "25 m.d.p.": ["25000000"],
    "1.2 mdp": ["1200000"],
    "12.5 mdd": ["12500000"],
    "5 mmdp": ["5000000000"],
    "1,250 mmdp": ["1250000000000"],
    "200 mil": ["200000"],
    "5 mil 300": ["5300"],
    "2.5 millones": ["2500000"],
    "1 millón 250 mil pesos": ["1250000"],
    "5 mil millones": ["5000000000"],
    "5 miles de millones": ["5000000000"],
    "100 mil millones de pesos": ["100000000000"],
    "3 mil 500 millones": ["3500000000"],
    "2 mil millones 300 mil": ["2000300000"],
    "1.5 billones": ["1500000000000"],
    "1.5 billion": ["1500000000"],
    "USD 2.5 million": ["2500000"],
    "2.5 thousand million": ["2500000000"],
    "$3M": ["3000000"],
    "3B": ["3000000000"],
    "5k": ["5000"],
    # negative numbers
    "(5,000.00)": ["-5000.00"],
    "$(5,000)": ["-5000"],
    "(USD 5,000)": ["-5000"],
    "-$5,000": ["-5000"],
    "$-5,000": ["-5000"],
    "– 5000": ["-5000"],
    "−5,000.5": ["-5000.5"],
    "5,000-": ["-5000"],
    "+5,000": ["5000"],
    # other digits, exponents
    "５０００": ["5000"],
    "５，０００．５０": ["5000.50"],
    "٥٠٠٠": ["5000"],
    "5000\u200b": ["5000"],
    "1e6": ["1000000"],
    "1.5E+06": ["1500000"],
    "2.5e-05": ["0.000025"],
    # what is no amount, or not certainly one
    "10%": [],
    "10 %": [],
    "1.23.456": [],
    "1,2,3": [],
    "12,34,567": [],
    "1.234,567,8": [],
    "5 5": [],
    "5-10 mdp": [],
    "entre 5 y 10": [],
    "2 millones 5000 mil": [],
    "5mn": [],
    "$5MM": [],
    "5,000 mensuales": [],
    "50,000/mes": [],
    "5,000 CR": [],
    "5²": [],
    "1/2": [],
    "12/03/2023": [],
    "2023-01-15": [],
    "#DIV/0!": [],
    "Err:502": [],
    "########": [],
    "N/A": [],
    "-": [],
    "mil pesos": [],
    "$": [],
    "lots": [],
    "$" + "9" * 38: ["9" * 38],
    "$" + "9" * 39: [],
    "$1" + ",000" * 30: [],
    "": [],
}

CURRENCIES = {
    "M.N.": ["MXN"],
    "MN": ["MXN"],
    "m.n": ["MXN"],
    "MXP": ["MXN"],
    "MX$": ["MXN"],
    "Pesos": ["MXN"],
    "Pesos M.N.": ["MXN"],
    "Pesos Mexicanos (MXN)": ["MXN"],
    "Moneda Nacional": ["MXN"],
    "miles de pesos": ["MXN"],
    "mdp": ["MXN"],
    "MNX": ["MXN"],
    "DLS": ["USD"],
    "dlls.": ["USD"],
    "US$": ["USD"],
    "U$S": ["USD"],
    "Dólares": ["USD"],
    "Dólares americanos": ["USD"],
    "dolares EUA": ["USD"],
    "US Dollars": ["USD"],
    "UDS": ["USD"],
    "mdd": ["USD"],
    "UDI": ["MXV"],
    "UDIs": ["MXV"],
    "$": ["MXN", "USD"],
    "MXN/USD": ["MXN", "USD"],
    "€": ["EUR"],
    "EUROS": ["EUR"],
    "CAN$": ["CAD"],
    "CDA": ["CAD"],
    "pesos argentinos": ["ARS"],
    "Yen": ["JPY"],
    "BTC": [],
    "bitcoin": [],
    "N/A": [],
    "-": [],
    "#N/A": [],
    "https://example.org/mxn": [],
}

DATES = {
    "2023.0": ["2023"],
    "12 de marzo de 2023": ["2023-03-12"],
    "12 de Marzo del 2023": ["2023-03-12"],
    "lunes 12 de marzo de 2023": ["2023-03-12"],
    "martes 14 de marzo de 2023": ["2023-03-14"],
    "12 de setiembre de 2023": ["2023-09-12"],
    "1º de marzo de 2023": ["2023-03-01"],
    "1ro. de marzo de 2023": ["2023-03-01"],
    "primero de enero de 2023": ["2023-01-01"],
    "marzo 12, 2023": ["2023-03-12"],
    "March 12, 2023": ["2023-03-12"],
    "March 12th, 2023": ["2023-03-12"],
    "12th of March 2023": ["2023-03-12"],
    "Mon, 12 Mar 2023": ["2023-03-12"],
    "Sept. 12, 2023": ["2023-09-12"],
    "febuary 3, 2023": ["2023-02-03"],
    "15-ene-24": ["2024-01-15"],
    "15/ene/2024": ["2024-01-15"],
    "12-mar.-2023": ["2023-03-12"],
    "12/III/2023": ["2023-03-12"],
    "2023-mar-12": ["2023-03-12"],
    "marzo 2023": ["2023-03"],
    "Marzo de 2023": ["2023-03"],
    "Oct 2021": ["2021-10"],
    "mar-24": ["2024-03"],
    "ene '24": ["2024-01"],
    "03/2023": ["2023-03"],
    "2023/3": ["2023-03"],
    "2023/03/15": ["2023-03-15"],
    "2023.3.5": ["2023-03-05"],
    "2023-1-5": ["2023-01-05"],
    "20230315": ["2023-03-15"],
    "15/03/23": ["2023-03-15"],
    "31.12.2024": ["2024-12-31"],
    "12/31/24": ["2024-12-31"],
    "03/04/2023": ["2023-04-03", "2023-03-04"],
    "3-4-23": ["2023-04-03", "2023-03-04"],
    "２０２３-01-15": ["2023-01-15"],
    "2023 – 03 – 15": ["2023-03-15"],
    "45000": ["2023-03-15"],
    "2023-04-03T12:30:00": ["2023-04-03"],
    "2023-04-03T12:30:00.000-06:00": ["2023-04-03"],
    "2023-04-03 00:00:00": ["2023-04-03"],
    "12/03/2023 10:30 a.m.": ["2023-03-12", "2023-12-03"],
    "Mon Apr 03 2023 12:30:00 GMT-0500 (CST)": ["2023-04-03"],
    "31/12/2024 (aprox.)": ["2024-12-31"],
    "a más tardar el 31/12/2024": ["2024-12-31"],
    "2023 (aprox.)": ["2023"],
    "año 2023": ["2023"],
    "mediados de 2023": ["2023"],
    # parts of a year and ranges: the first and the last of it
    "2011Q1": ["2011-01", "2011-03"],
    "2011-Q1": ["2011-01", "2011-03"],
    "Q4 2023": ["2023-10", "2023-12"],
    "1T23": ["2023-01", "2023-03"],
    "4T 2023": ["2023-10", "2023-12"],
    "primer trimestre de 2023": ["2023-01", "2023-03"],
    "1er. Trim. 2024": ["2024-01", "2024-03"],
    "IV trimestre de 2023": ["2023-10", "2023-12"],
    "third quarter of 2023": ["2023-07", "2023-09"],
    "segundo semestre de 2022": ["2022-07", "2022-12"],
    "H1 2023": ["2023-01", "2023-06"],
    "segundo bimestre 2023": ["2023-03", "2023-04"],
    "enero-marzo 2023": ["2023-01", "2023-03"],
    "2022-2023": ["2022", "2023"],
    "enero 2024 - marzo 2024": ["2024-01", "2024-03"],
    "del 15/03/2023 al 31/12/2023": ["2023-03-15", "2023-12-31"],
    # what is no date, or not certainly one
    "2023-02-30": [],
    "30 de febrero de 2023": [],
    "31/06/2023": [],
    "13/13/2023": [],
    "00/00/0000": [],
    "5 de mayo": [],
    "enero 24": [],
    "2023/24": [],
    "Q5 2023": [],
    "primavera 2024": [],
    "next year": [],
    "10:30": [],
    "01/03/2023 - 04/05/2023": [],
    "#¡VALOR!": [],
    "TBD": [],
    "—": [],
    "": [],
}


@pytest.mark.parametrize(("typed", "meant"), AMOUNTS.items())
def test_an_amount_is_read_rightly_or_not_at_all(typed: str, meant: list[str]) -> None:
    assert list(suggest_number(typed)) == meant


@pytest.mark.parametrize(("typed", "meant"), CURRENCIES.items())
def test_a_currency_is_told_rightly_or_not_at_all(typed: str, meant: list[str]) -> None:
    assert list(suggest_currency(typed)) == meant


@pytest.mark.parametrize(("typed", "meant"), DATES.items())
def test_a_date_is_read_rightly_or_not_at_all(typed: str, meant: list[str]) -> None:
    assert list(suggest_date(typed)) == meant


@pytest.mark.parametrize("typed", [typed for typed, meant in DATES.items() if len(meant) == 2 and meant[0] < meant[1]])
def test_of_a_part_of_a_year_start_and_end_are_told_apart(typed: str) -> None:
    first, last = DATES[typed]
    if len(first) < len("2023-04-03") or " al " in typed:
        assert suggest_date(typed, ends=False) == (first,)
        assert suggest_date(typed, ends=True) == (last,)


def test_every_month_has_its_number_in_both_languages() -> None:
    spanish = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    english = "January February March April May June July August September October November December"
    for number, (es, en) in enumerate(zip(spanish.split(), english.split(), strict=True), start=1):
        for name in (es, en, es.upper(), es[:3], en[:3]):
            assert suggest_date(f"3 {name} 2023") == (f"2023-{number:02}-03",), name
        assert read_date(f"03 de {es} de 2023", "%d de %B de %Y") == f"2023-{number:02}-03"


@pytest.mark.parametrize(
    "typed",
    [
        "N/A", "n/a", "NA", "n.a.", "N.D.", "n/d", "nd", "s/d", "S/I", "-", "--", "—", "–", "...", "…", "?", "x", "XX",
        "No aplica", "NO APLICA", "no disponible", "Por definir", "por confirmar", "Pendiente", "(pendiente)", "TBD",
        "tbd.", "to be determined", "unknown", "Desconocido", "ninguno", "None", "null", "Sin información",
        "NaT", "<NA>", "Cargando...",
    ],
)  # fmt: skip
def test_a_placeholder_is_known(typed: str) -> None:
    assert is_placeholder(typed)
    assert suggest_number(typed) == suggest_date(typed) == suggest_currency(typed) == ()


@pytest.mark.parametrize(
    "typed", ["", " ", "CA", "MX", "SRE", "SD", "ND-1", "nota", "0", "1", "xa", "No aplicable a SRE"]
)
def test_a_value_is_no_placeholder(typed: str) -> None:
    assert not is_placeholder(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "#DIV/0!",
        "#REF!",
        "#N/A",
        "#N/D",
        "#¡VALOR!",
        "#¿NOMBRE?",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#SPILL!",
        "Err:502",
        "####",
    ],
)
def test_an_error_of_a_spreadsheet_is_known(typed: str) -> None:
    assert is_error(typed)


@pytest.mark.parametrize("typed", ["#3", "#org", "# 5", "#Adelante", "Error", "Err", "", "G#1"])
def test_what_begins_with_a_hash_need_not_be_an_error(typed: str) -> None:
    assert not is_error(typed)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("0000", "gYear"), ("-0044", "gYear"), ("-0044-03-15", "date"), ("2023-02-28Z", "date"),
        ("2023-02-28-06:00", "date"), ("2023-02+14:00", "gYearMonth"), ("0000-02-29", "date"), ("2100-02-29", None),
        ("2023-02-28+14:01", None), ("2023-13", None), ("45000", None), ("20230315", None), ("+2023", None),
    ],
)  # fmt: skip
def test_dates_of_xml_schema_are_dates(typed: str, kind: str | None) -> None:
    found = date_type(typed)
    assert (found and found.rpartition("#")[2]) == kind

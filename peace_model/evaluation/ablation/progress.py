"""How far the cells behind a row of the table have come."""


def progress(ran: int, asked: int) -> dict[str, str]:
    return {"cells": f"{ran} of {asked}", "state": "not run" if not ran else "run" if ran == asked else "partly run"}

"""What lies on the paper: pyqtgraph items that paint in millimetres."""

import pyqtgraph as pg


# pyqtgraph has no type information, so its classes are "Any" to the type checker; here once for all items.
class PaperItem(pg.GraphicsObject):  # type: ignore[misc]
    """An item of the paper. Subclasses give boundingRect() and paint() in millimetres of the sheet."""

"""The consensus of shapes: masks, polygons and boxes in images."""

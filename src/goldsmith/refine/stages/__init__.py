"""The stages that recipes can name: one file is one stage, and ends in `plugin = TheClass`."""

"""Images, audio and PDF files: kept as sealed blobs of a vault, read in limited processes, shown by parts."""

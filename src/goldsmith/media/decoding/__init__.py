"""What runs inside the limited processes that read media: images, audio and PDF files, each by its library."""

"""Pictures: which files are taken, and what readers are sent of them. Plain Python with Pillow.

`originals.read` judges a file, `renditions.Renditions` makes of it, in several widths, what is
public. Nothing of a file reaches readers but its pixels.
"""

# SPDX-License-Identifier: GPL-2.0-only
"""How Sphinx renders Documentation/: see `make docs`.

The pages are plain reStructuredText that also reads well as it is.  What only
Sphinx wants, a table of contents and .html at the end of links, is added here.
The directive kernel-doc and the script behind it are the kernel's own, from the
source that STREAMS_KERNEL_SOURCE names.
"""
import os
import sys

from docutils import nodes

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
KERNEL = os.environ["STREAMS_KERNEL_SOURCE"]
sys.path.insert(0, os.path.join(KERNEL, "Documentation/sphinx"))

project = "Linux MT STREAMS"
copyright = "its authors; GPL-2.0-only"
extensions = ["kerneldoc"]
kerneldoc_srctree = TOP
kerneldoc_bin = os.path.join(KERNEL, "scripts/kernel-doc")
kerneldoc_verbosity = 0
primary_domain = "c"
highlight_language = "none"
html_theme = "alabaster"
html_theme_options = {"page_width": "70em"}
html_sidebars = {"**": ["globaltoc.html", "searchbox.html"]}
html_copy_source = False
# Types that the pages do not describe: the kernel's and the compiler's.
nitpicky = False


def add_contents(app, docname, source):
    """A table of contents, which GitHub and docutils would not understand."""
    if docname in ("index", "api/index"):
        source[0] += "\n.. toctree::\n   :hidden:\n   :glob:\n\n   *\n"
        if docname == "index":
            source[0] += "   api/index\n"


def link_pages(app, doctree):
    """`page.rst <page.rst>`__ leads to the page's rendering."""
    for node in doctree.findall(nodes.reference):
        target = node.get("refuri", "")
        if target.endswith(".rst") and "://" not in target:
            node["refuri"] = target[:-4] + ".html"


def setup(app):
    app.connect("source-read", add_contents)
    app.connect("doctree-read", link_pages)

"""What the documents show is there: check_docs.py PROJECT_ROOT

README.md's cpp and cmake blocks are the files of examples/embedding, and every relative link in a document leads to a
file.
"""

import pathlib
import re
import sys

SNIPPETS = {"cpp": "examples/embedding/main.cpp", "cmake": "examples/embedding/CMakeLists.txt"}
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


def fenced_blocks(markdown, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", markdown, re.MULTILINE | re.DOTALL)


def check_snippets(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    for language, path in SNIPPETS.items():
        if fenced_blocks(readme, language) != [(root / path).read_text(encoding="utf-8")]:
            yield f"README.md:1: must have one block of {language}, the text of {path}"


def check_links(root, document):
    for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), 1):
        for target in LINK.findall(line):
            if not (document.parent / target).exists():
                yield f"{document.relative_to(root)}:{number}: {target} does not exist"


def main(root):
    failures = list(check_snippets(root))
    documents = sorted([*root.glob("*.md"), *root.glob("docs/**/*.md")])
    for document in documents:
        failures += check_links(root, document)
    print("\n".join(failures) or f"{len(documents)} documents show what is there")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))

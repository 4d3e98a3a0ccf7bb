#!/bin/sh
# Prints a Python of at least 3.11, or says how to get one. $PYTHON, when set, is the only candidate.
for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
  # Asked, not just found: a version manager's shim can be on the PATH with nothing behind it.
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    command -v "$candidate"
    exit 0
  fi
done
{
  echo "Goldsmith needs Python 3.11 or newer; none of these is one: ${PYTHON:-python3.13 python3.12 python3.11 python3}."
  case "$(uname -s)" in
    Darwin) echo "Get one with: brew install python@3.13" ;;
    *) echo "Get one with: sudo apt-get install python3 python3-venv   (or name yours: make PYTHON=/path/to/python setup)" ;;
  esac
} >&2
exit 1

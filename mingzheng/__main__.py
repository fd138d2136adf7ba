"""`python -m mingzheng`: the `mingzheng` command."""

import sys

from mingzheng.site.command_line import main

sys.exit(main(sys.argv[1:]))

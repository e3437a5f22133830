"""`python -m local.emulator`: see `options` for the command line."""

import sys

from local.emulator.options import parse
from local.emulator.start import main

sys.exit(main(parse(sys.argv[1:])))

"""python -m blockdiff COMMAND ...; each command's options: python -m blockdiff COMMAND --help."""

import argparse

from . import commands


def main() -> None:
    parser = argparse.ArgumentParser(prog="blockdiff", description=__doc__)
    sub = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (function, options) in commands.TABLE.items():
        command = sub.add_parser(name, help=function.__doc__, description=function.__doc__)
        for flag, settings in options.items():
            command.add_argument(flag, **settings)
        command.set_defaults(run=function)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()

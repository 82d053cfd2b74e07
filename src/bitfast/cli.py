"""The commands: `bitfast check`, `scan`, `targets`, `selftest` and `library`."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from bitfast import __version__, debian, library
from bitfast.check.archives import ARCHIVES
from bitfast.check.pipeline import Options, check
from bitfast.check.progress import Progress
from bitfast.check.project import Project, find_project, tolerance_from
from bitfast.check.report import render, svg, write_html, write_json, write_sarif
from bitfast.chips import host_cpu, target_named
from bitfast.files import require_writable, write_atomically
from bitfast.patching import apply_patch
from bitfast.process import INTERRUPTS, end_all, interrupt
from bitfast.scan import scan as scan_tree
from bitfast.scan_report import scan_json, scan_table
from bitfast.targets import install, targets_json, targets_table
from bitfast.words import EXIT_STATUS, BitfastError, Result

_SPACE = "free some space, or set TMPDIR (and BITFAST_CACHE, for the cache) to a larger disk"

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="markdown",
    help="bitfast makes programs give the same answers on every chip.",
)  # fmt: skip


def main() -> None:
    """The entry point: runs a command and ends with the documented exit status; no traceback reaches a user."""
    for number in INTERRUPTS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup, a shell's background job
            signal.signal(number, interrupt)
    try:
        status = app(standalone_mode=False)  # what typer.Exit was raised with comes back as the value
        if status == 130:  # so does what typer makes of KeyboardInterrupt
            raise KeyboardInterrupt
        sys.exit(status)
    except BitfastError as error:
        _fail(error)
    except (KeyboardInterrupt, typer.Abort):
        end_all()
        print("\nbitfast: interrupted; nothing was written", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except Exception as error:  # the last net: what typer or we did not foresee
        if hasattr(error, "format_message"):  # click's own usage errors
            if not error.format_message():  # no command at all: the help is printed already
                sys.exit(2)
            print(f"bitfast: {error.format_message()}\n  → bitfast --help", file=sys.stderr)
            sys.exit(2)
        if os.environ.get("BITFAST_TRACEBACK"):
            raise
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            _fail(BitfastError(f"no space is left: {error}", next_step=_SPACE, exit_status=3))
        print(
            f"bitfast: an error of bitfast itself: {type(error).__name__}: {error}\n"
            "  → please report it; BITFAST_TRACEBACK=1 shows where it happened",
            file=sys.stderr,
        )
        sys.exit(70)


def _fail(error: BitfastError) -> NoReturn:
    print(f"bitfast: {error.message}", file=sys.stderr)
    if error.next_step:
        print(f"  → {error.next_step}", file=sys.stderr)
    sys.exit(error.exit_status)


@contextlib.contextmanager
def _located(what: str) -> Iterator[Path]:
    """The path that an argument names; a distribution's source package is fetched first and removed afterwards."""
    if not what.startswith("debian:"):
        yield Path(what)
        return
    with tempfile.TemporaryDirectory(prefix="bitfast-source-", ignore_cleanup_errors=True) as directory:
        yield debian.fetch_source(what.removeprefix("debian:"), Path(directory))


@app.command("check")
def check_command(
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH",
            help="A folder, a source file, an archive, or debian:NAME for the distribution's source package.",
        ),
    ],
    target: Annotated[str, typer.Option(help="The chip to carry it to; `bitfast targets` lists them.")] = "",
    cpu: Annotated[str, typer.Option(help="One CPU of the target, such as tsv110: compiled for with -mcpu.")] = "",
    build: Annotated[
        list[str] | None, typer.Option(help="How to build it, where finding is not enough (repeatable).")
    ] = None,
    run: Annotated[
        list[str] | None, typer.Option(help="How to run it, at the root of the built tree (repeatable).")
    ] = None,
    compare: Annotated[
        list[str] | None,
        typer.Option(help="Which of the files that it writes are answers, such as 'out/*.csv' (repeatable)."),
    ] = None,
    ulp: Annotated[int, typer.Option(help="Numbers this many ulp apart count as equal.", min=0)] = 0,
    relative: Annotated[float, typer.Option(help="Numbers this far apart, relatively, count as equal.", min=0)] = 0.0,
    absolute: Annotated[float, typer.Option(help="Numbers this far apart count as equal.", min=0)] = 0.0,
    config: Annotated[Path | None, typer.Option(help="A bitfast.toml that lies elsewhere than in the tree.")] = None,
    on: Annotated[str, typer.Option(help="Run the target's program on a real machine: ssh://[USER@]HOST[:PORT].")] = "",
    agree: Annotated[
        bool,
        typer.Option(
            "--agree/--keep-reference", help="Whether a cure may change the reference's answer too, so that both agree."
        ),
    ] = False,
    search: Annotated[
        bool, typer.Option("--search/--no-search", help="Whether to search for causes when answers differ.")
    ] = True,
    fix: Annotated[bool, typer.Option("--fix", help="Apply the verified cure to the sources.")] = False,
    patch: Annotated[Path | None, typer.Option(help="Write the cure as a patch.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the result as JSON.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report as one HTML file.")] = None,
    sarif: Annotated[Path | None, typer.Option(help="Write the places as SARIF 2.1.0.")] = None,
    svg_file: Annotated[Path | None, typer.Option("--svg", help="Write the terminal's picture.")] = None,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Show everything.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Only the exit status and the files.")] = False,
) -> None:
    """Build and run a program here and for another chip; where the answers differ, find why, and cure it.

    Exit status: 0 same answers, as is or after a verified cure; 1 they differ; 2 the call or the configuration is
    wrong; 3 one side does not build or run; 4 the program does not repeat itself on one chip.
    """
    if fix and (path.startswith("debian:") or (path.endswith(ARCHIVES) and not Path(path).is_dir())):
        raise BitfastError(
            "--fix needs the sources as a folder or a file",
            next_step="unpack them and check the folder, or use --patch FILE",
        )
    for report in (json_file, html, sarif, svg_file, patch):
        if report is not None:
            require_writable(report)
    with (
        _located(path) as located,
        tempfile.TemporaryDirectory(prefix="bitfast-", ignore_cleanup_errors=True) as scratch,
    ):
        os.environ["TMPDIR"] = scratch  # a compiler that is killed leaves its temporary files
        project = find_project(located, Path(scratch), config, build=tuple(build or ()), run=tuple(run or ()))
        if compare:
            project = replace(project, compare=tuple(compare))
        if ulp or relative or absolute:
            project = replace(
                project,
                tolerance=tolerance_from(
                    {"ulp": ulp, "relative": relative, "absolute": absolute}, "--ulp, --relative, --absolute"
                ),
            )
        options = Options(target_named(target or project.target or "aarch64-linux-gnu"), cpu, agree, search, on, path)
        with Progress(verbose=verbose, quiet=quiet) as progress:
            result = check(project, options, progress)
        _deliver(result, json_file, html, sarif, svg_file, patch)
        if not quiet:
            render(result, Console(), verbose)
        if fix:
            _fix(result, project)
    raise typer.Exit(EXIT_STATUS[result.verdict])


def _deliver(
    result: Result,
    json_file: Path | None,
    html: Path | None,
    sarif: Path | None,
    picture: Path | None,
    patch: Path | None,
) -> None:
    for path, write in ((json_file, write_json), (html, write_html), (sarif, write_sarif), (picture, svg)):
        if path is not None:
            write(result, path)
    if patch is not None:
        if result.cure is not None and result.cure.patch:
            write_atomically(patch, result.cure.patch.encode(errors="surrogateescape"))
        else:
            print(f"bitfast: there is no patch to write to {patch}", file=sys.stderr)


def _fix(result: Result, project: Project) -> None:
    if result.cure is None or not result.cure.patch:
        print("bitfast: --fix: there is no patch to apply", file=sys.stderr)
        return
    changed = apply_patch(result.cure.patch, project.source)
    print(f"bitfast: the cure is applied: {', '.join(changed)}", file=sys.stderr)


@app.command("scan")
def scan_command(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A folder or a source file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what can be said without building: suspicious places and what hinders building elsewhere."""
    with _located(path) as located:
        result = scan_tree(located)
    if as_json:
        print(json.dumps(scan_json(result), indent=2))
    else:
        Console().print(scan_table(result))


@app.command("targets")
def targets_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    install_for: Annotated[
        str,
        typer.Option(
            "--install", metavar="TRIPLE", help="Install what that target needs, with the distribution's packages."
        ),
    ] = "",
) -> None:
    """List the chips, what each needs, and the command that gets what is missing."""
    if install_for:
        install(target_named(install_for), lambda line: print(line, file=sys.stderr))
        return
    if as_json:
        print(json.dumps(targets_json(), indent=2))
    else:
        Console().print(targets_table())


@app.command("selftest")
def selftest_command(
    functions: Annotated[
        list[str] | None, typer.Argument(metavar="[FUNCTION]...", help="Only these functions.")
    ] = None,
    level: Annotated[str, typer.Option(help="The level of this CPU to test, such as x86-64-v3.")] = "",
    all_levels: Annotated[bool, typer.Option("--all-levels", help="Test every level that this CPU has.")] = False,
    full: Annotated[bool, typer.Option("--full", help="A million more inputs per function.")] = False,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the result as JSON.")] = None,
) -> None:
    """Compare the math library's answers on this machine with the contract's digests.

    Exit status: 0 every function gives the contract's bits; 1 one differs; 2 the call is wrong; 3 the library is not
    built.
    """
    from bitfast import contract

    if json_file is not None:
        require_writable(json_file)
    try:
        from bitfast import _native
    except ImportError as error:
        raise BitfastError(
            f"the math library is not built: {error}",
            next_step="install bitfast: make setup, or pip install .",
            exit_status=3,
        ) from error
    if level and all_levels:
        raise BitfastError("--level and --all-levels exclude each other", next_step="leave one out")
    levels = _native.levels() if all_levels else (level or _native.level(),)
    console = Console()
    console.print(f"contract {contract.load().version} · {host_cpu()}", highlight=False)

    def report(outcome: contract.Outcome) -> None:
        verdict = f"[red]differs[/]: {', '.join(outcome.differing)}" if outcome.differing else "[green]ok[/]"
        console.print(f"{outcome.level:<10} {outcome.function:<10} {verdict}", highlight=False)

    outcomes = contract.selftest(levels, full=full, functions=functions or (), report=report)
    if json_file is not None:
        result = json.dumps(contract.selftest_json(outcomes, host_cpu()), indent=2)
        write_atomically(json_file, result.encode() + b"\n")
    differing = sum(bool(outcome.differing) for outcome in outcomes)
    console.print(
        f"{differing} of {len(outcomes)} differ" if differing else f"all {len(outcomes)} are the contract's",
        highlight=False,
    )
    raise typer.Exit(1 if differing else 0)


@app.command("library")
def library_command(
    what: Annotated[
        str,
        typer.Argument(
            metavar="[WHAT]", help="headers, libraries, pkg-config, preload or preload-blas: only that path."
        ),
    ] = "",
) -> None:
    """Say where the C library is: for compilers, pkg-config, and LD_PRELOAD."""
    if what:
        print(library.place(what))
        return
    for name, path in library.places().items():
        print(f"{name:<12} {path}")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"bitfast {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass

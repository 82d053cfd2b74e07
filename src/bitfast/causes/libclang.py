"""Reads a unit with libclang into plain `nodes`: the one user of libclang."""

from __future__ import annotations

import ctypes
import functools
import re
from pathlib import Path
from typing import Any

from clang import cindex

from bitfast.causes.nodes import FLOATS, INTEGERS, Macro, Node, Syntax, TypeFacts, is_primary
from bitfast.words import BitfastError, Unit

# Values of CXBinaryOperatorKind and CXUnaryOperatorKind (clang-c/Index.h), by number.
_BINARY_SIGNS = ".* ->* * / % + - << >> <=> < > <= >= == != & ^ | && || = *= /= %= += -= <<= >>= &= ^= |= ,"
_BINARY = ("", *_BINARY_SIGNS.split())
_UNARY = ["", "x++", "x--", "++x", "--x", "&", "*", "+", "-", "~", "!", "real", "imag", "extension", "await"]
_FUNCTIONS = frozenset(
    {"FUNCTION_DECL", "CXX_METHOD", "CONSTRUCTOR", "DESTRUCTOR", "CONVERSION_FUNCTION", "FUNCTION_TEMPLATE"}
)
_NAMED = _FUNCTIONS | {"CALL_EXPR", "DECL_REF_EXPR", "MEMBER_REF_EXPR", "VAR_DECL", "PARM_DECL", "FIELD_DECL"}
_OPERATORS = frozenset({"BINARY_OPERATOR", "COMPOUND_ASSIGNMENT_OPERATOR", "UNARY_OPERATOR"})
_VALUES = frozenset({"INTEGER_LITERAL", "CHARACTER_LITERAL"})
_PREPROCESSING = frozenset({"MACRO_DEFINITION", "MACRO_INSTANTIATION", "INCLUSION_DIRECTIVE"})
_NO_TYPE = TypeFacts("INVALID", "", -1, "", "")


def read(unit: Unit, root: Path, target: str, include_directories: tuple[str, ...]) -> Syntax | None:
    """The unit's tree; None when its source cannot be read. Raises BitfastError when libclang itself is missing."""
    library = _library()
    index = cindex.Index.create()
    options = cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD
    try:
        tree = index.parse(str(root / unit.source), _flags(unit, target, include_directories), options=options)
    except cindex.TranslationUnitLoadError:
        return None
    return _Reader(unit, root.resolve(), tree, library).read()


_TAKES_VALUE = ("-D", "-U", "-I", "-include", "-imacros", "-isystem", "-iquote", "-idirafter")
_KEPT = (
    "-std=",
    "-ansi",
    "-fsigned-char",
    "-funsigned-char",
    "-fno-exceptions",
    "-fno-rtti",
    "-fshort-enums",
    "-nostdinc",
)
_DEFAULT_STANDARD = {"c": "-std=gnu17", "c++": "-std=gnu++17"}  # of GCC 11 to 14


def _flags(unit: Unit, target: str, include_directories: tuple[str, ...]) -> list[str]:
    """The unit's own options that change what the preprocessor and the parser see, in Clang's words."""
    flags = ["-x", unit.language, f"--target={target}", f"-working-directory={unit.directory}", "-ferror-limit=0", "-w"]
    flags += ["-Wno-implicit-function-declaration", "-Wno-implicit-int", "-Wno-int-conversion"]
    kept: list[str] = []
    arguments = iter(unit.arguments)
    for argument in arguments:
        if argument in _TAKES_VALUE:
            kept += [argument, next(arguments, "")]
        elif argument.startswith("-Wp,"):
            kept += [part for part in argument[4:].split(",") if part.startswith(("-D", "-U", "-I"))]
        elif argument.startswith(_TAKES_VALUE + _KEPT) and not argument.startswith("-D_FORTIFY_SOURCE"):
            kept.append(argument)
        elif argument == "-fopenmp":
            kept.append("-D_OPENMP=201511")  # the pragmas stay comments: their bodies are parsed as they stand
        elif argument == "-pthread":
            kept.append("-D_REENTRANT")
    if not any(argument.startswith(("-std=", "-ansi")) for argument in kept):
        flags.append(_DEFAULT_STANDARD[unit.language])
    if include_directories:
        flags += ["-nostdinc"] + (["-nostdinc++"] if unit.language == "c++" else [])
        kept += [word for directory in include_directories for word in ("-isystem", directory)]
    return flags + kept


@functools.cache
def _library() -> Any:
    """libclang with the functions declared that its Python module leaves out."""
    try:
        library = cindex.conf.lib
    except cindex.LibclangError as error:
        raise BitfastError(
            f"libclang cannot be loaded: {error}", next_step="pip install libclang", exit_status=3
        ) from None
    number = ctypes.POINTER(ctypes.c_uint)
    library.clang_getFileLocation.argtypes = [
        cindex.SourceLocation,
        ctypes.POINTER(ctypes.c_void_p),
        number,
        number,
        number,
    ]
    library.clang_getFileLocation.restype = None
    library.clang_getFileName.argtypes = [ctypes.c_void_p]
    for name in ("clang_getCursorBinaryOperatorKind", "clang_getCursorUnaryOperatorKind"):
        getattr(library, name).argtypes = [cindex.Cursor]
        getattr(library, name).restype = ctypes.c_int
    library.clang_Cursor_Evaluate.argtypes = [cindex.Cursor]
    library.clang_Cursor_Evaluate.restype = ctypes.c_void_p
    library.clang_EvalResult_getKind.argtypes = [ctypes.c_void_p]
    library.clang_EvalResult_getAsLongLong.argtypes = [ctypes.c_void_p]
    library.clang_EvalResult_getAsLongLong.restype = ctypes.c_longlong
    library.clang_EvalResult_dispose.argtypes = [ctypes.c_void_p]
    library.clang_EvalResult_dispose.restype = None
    return library


class _Reader:
    """One walk over libclang's cursors; each is asked once, what lies outside the project is not entered."""

    def __init__(self, unit: Unit, root: Path, tree: Any, library: Any) -> None:
        self.unit = unit
        self.root = root
        self.tree = tree
        self.library = library
        self.files: dict[int | None, str] = {}
        self.types: dict[int, TypeFacts] = {}
        self.kinds: dict[int, str] = {}
        self.texts: dict[str, bytes] = {}
        self.macros: dict[str, dict[int, Macro]] = {}
        self.primary: dict[int, bool] = {}

    def read(self) -> Syntax:
        roots = []
        for cursor in self.tree.cursor.get_children():
            kind = self.kind(cursor)
            if kind == "MACRO_INSTANTIATION":
                self.add_macro(cursor)
            elif kind not in _PREPROCESSING and self.location(cursor.location)[0]:
                roots.append(self.node(cursor))
        errors = tuple(str(found) for found in self.tree.diagnostics if found.severity >= cindex.Diagnostic.Error)
        return Syntax(self.unit, tuple(roots), self.texts, self.macros, errors)

    def node(self, top: Any) -> Node:
        root = self.single(top, None)
        stack = [(top, root)]
        while stack:
            cursor, node = stack.pop()
            for child in cursor.get_children():
                if node.kind == "INIT_LIST_EXPR" and self.kind(child).endswith("_LITERAL"):
                    continue  # tables of constants: nothing can differ there, and they are long
                below = self.single(child, node)
                node.children.append(below)
                stack.append((child, below))
        return root

    def single(self, cursor: Any, parent: Node | None) -> Node:
        kind = self.kind(cursor)
        extent = cursor.extent
        file, start, line, column = self.location(extent.start)
        last_file, end, last_line, _ = self.location(extent.end)
        if last_file != file:
            file = ""
        macro = self.macros.get(file, {}).get(end)
        if macro is not None:
            end = macro.end  # an end within a macro called in a macro's argument is given as that call's begin
        node = Node(
            kind,
            self.type(cursor),
            file,
            start,
            end,
            line,
            column,
            last_line,
            parent.function if parent else "",
            parent,
        )
        if kind in _NAMED:
            node.name = cursor.spelling
        if kind in _FUNCTIONS:
            node.function = node.name
        if kind in _OPERATORS:
            unary = kind == "UNARY_OPERATOR"
            if unary:
                node.operator = _UNARY[self.library.clang_getCursorUnaryOperatorKind(cursor)]
            else:
                node.operator = _BINARY[self.library.clang_getCursorBinaryOperatorKind(cursor)]
        elif kind in _VALUES:
            node.value = self.value(cursor)
        elif kind in ("DECL_REF_EXPR", "CALL_EXPR", "MEMBER_REF_EXPR"):
            target = cursor.referenced
            node.target = target.hash if target is not None else 0
            node.constructs = target is not None and self.kind(target) == "CONSTRUCTOR"
        elif kind in ("VAR_DECL", "PARM_DECL", "FIELD_DECL"):
            node.identity = cursor.hash
            node.static = cursor.storage_class == cindex.StorageClass.STATIC
            node.bit_field = kind == "FIELD_DECL" and cursor.is_bitfield()
        return node

    def kind(self, cursor: Any) -> str:
        number = cursor._kind_id
        if number not in self.kinds:
            try:
                self.kinds[number] = cursor.kind.name
            except ValueError:  # a kind that this Python module does not know
                self.kinds[number] = "UNKNOWN"
        return self.kinds[number]

    def type(self, cursor: Any) -> TypeFacts:
        found = self.library.clang_getCursorType(cursor)
        key = found.data[0]
        if not key:
            return _NO_TYPE
        if key not in self.types:
            canonical = found.get_canonical()
            kind = canonical.kind.name
            underlying = canonical.get_declaration().enum_type.get_canonical().kind.name if kind == "ENUM" else ""
            # Of some types that no program names (a bound member function's), libclang dies when asked for the size.
            size = canonical.get_size() if kind in INTEGERS or kind in FLOATS else -1
            self.types[key] = TypeFacts(kind, canonical.spelling, size, underlying, found.spelling)
        return self.types[key]

    def value(self, cursor: Any) -> int | None:
        result = self.library.clang_Cursor_Evaluate(cursor)
        if not result:
            return None
        try:
            if self.library.clang_EvalResult_getKind(result) != 1:  # CXEval_Int
                return None
            return int(self.library.clang_EvalResult_getAsLongLong(result))
        finally:
            self.library.clang_EvalResult_dispose(result)

    def location(self, location: Any) -> tuple[str, int, int, int]:
        """(file, offset, line, column), of a macro's argument where it stands, of a macro's body where it is called."""
        file = ctypes.c_void_p()
        line, column, offset = ctypes.c_uint(), ctypes.c_uint(), ctypes.c_uint()
        self.library.clang_getFileLocation(
            location, ctypes.byref(file), ctypes.byref(line), ctypes.byref(column), ctypes.byref(offset)
        )
        if file.value not in self.files:
            self.files[file.value] = self.relative(file)
        return self.files[file.value], offset.value, line.value, column.value

    def relative(self, file: Any) -> str:
        """The file's name relative to the root, "" for one outside of it."""
        name = self.library.clang_getFileName(file) if file.value else None
        if not name:
            return ""
        path = (self.unit.directory / str(name)).resolve()
        if not path.is_relative_to(self.root) or not path.is_file():
            return ""
        relative = path.relative_to(self.root).as_posix()
        self.texts[relative] = path.read_bytes()
        return relative

    def add_macro(self, cursor: Any) -> None:
        extent = cursor.extent
        file, start, _, _ = self.location(extent.start)
        if not file:
            return
        _, end, _, _ = self.location(extent.end)
        definition = cursor.referenced
        primary = True  # __LINE__ and its like have no definition
        if definition is not None and definition.kind == cindex.CursorKind.MACRO_DEFINITION:
            key = definition.hash
            if key not in self.primary:
                self.primary[key] = is_primary(_replacement(definition, self.unit.directory))
            primary = self.primary[key]
        self.macros.setdefault(file, {})[start] = Macro(end, primary)


def _replacement(definition: Any, directory: Path) -> bytes:
    """What a macro's definition puts in the place of a call. `directory` is where the unit was compiled."""
    extent = definition.extent
    if extent.start.file is None:
        return b"0"  # predefined or from the command line: names and numbers
    with (directory / str(extent.start.file.name)).open("rb") as file:
        file.seek(extent.start.offset)
        text = file.read(extent.end.offset - extent.start.offset).replace(b"\\\r\n", b" ").replace(b"\\\n", b" ")
    return re.sub(rb"^\w+(?:\([^()]*\))?", b"", text)

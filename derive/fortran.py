"""bitfast.f90: the Fortran module, from the table of functions (functions.h) and what bitfast_arrays.h has.

A function that is bound to C cannot be elemental (Fortran 2008, C1242), so each has a wrapper that is; and one for
whole arrays hands address and stride to the C function, which works on vectors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "native/functions.h"
INCLUDE = ROOT / "native/include"

REALS = {"double": "", "float": "f"}  # the kind in Fortran without c_, and what C appends to the name
INTEGERS = ("int8", "int16", "int32", "int64")  # Fortran has no unsigned ones
OF_TYPE = {"double": "real(c_double)", "float": "real(c_float)"} | {name: f"integer(c_{name}_t)" for name in INTEGERS}

# Of bitfast_arrays.h, with their vectors.
SUMS_OF_VECTORS = (("sum", ("x",)), ("dot", ("x", "y")), ("norm", ("x",)))
ADDITIONS = (("add", ("x",)), ("add_absolute", ("x",)), ("add_squares", ("x",)), ("add_products", ("x", "y")))


@dataclass(frozen=True)
class Function:
    """A function for one kind of real numbers; types are keys of OF_TYPE."""

    name: str
    kind: str
    arguments: tuple[tuple[str, str], ...]  # name and type
    results: tuple[tuple[str, str], ...]

    @property
    def own(self) -> str:
        return f"{self.name}_{self.kind}"

    @property
    def in_c(self) -> str:
        return f"bitfast_{self.name}{REALS[self.kind]}"

    @property
    def shapes(self) -> list[tuple[bool, ...]]:
        """Which arguments are arrays, in each form of the array subroutine; the others are one number for all."""
        return [form for form in product((True, False), repeat=len(self.arguments)) if any(form)]


def functions() -> list[Function]:
    """All, in the order of the table."""
    found = []
    for shape, name in re.findall(r"^(UNARY|BINARY)(?:_EXACT)?\((\w+)\)", TABLE.read_text(), re.MULTILINE):
        names = ["x"] if shape == "UNARY" else ["y", "x"] if name == "atan2" else ["x", "y"]
        found += [Function(name, k, tuple((n, k) for n in names), (("result", k),)) for k in REALS]
    for k in REALS:
        found.append(Function("fma", k, (("x", k), ("y", k), ("z", k)), (("result", k),)))
        found.append(Function("ldexp", k, (("x", k), ("exponent", "int32")), (("result", k),)))
        found.append(Function("frexp", k, (("x", k),), (("fraction", k), ("exponent", "int32"))))
        found.append(Function("modf", k, (("x", k),), (("fraction", k), ("whole", k))))
        found += [Function(f"to_{i}", k, (("x", k),), (("result", i),)) for i in INTEGERS]
    return sorted(found, key=lambda f: [g.name for g in found].index(f.name))


def wrapped(line: str, indent: int) -> str:
    """A statement in lines of at most 120 columns."""
    lines, rest = [], " " * indent + line
    while len(rest) > 120:
        at = rest.rindex(", ", 0, 116) + 1
        lines.append(rest[:at] + " &")
        rest = " " * (indent + 8) + rest[at:].lstrip()
    return "\n".join([*lines, rest])


def listed(names: list[str]) -> str:
    return ", ".join(names)


def in_c(f: Function) -> Iterator[str]:
    """The two C functions: of one element and of arrays."""
    kinds = sorted({OF_TYPE[t][:-1].partition("(")[2] for _, t in (*f.arguments, *f.results)})
    by_reference = f.results[1:]
    head = f"function c_{f.own}({listed([n for n, _ in (*f.arguments, *by_reference)])})"
    yield wrapped(f"{'' if by_reference else 'pure '}{head} bind(c, name='{f.in_c}') result(result_)", 8)
    yield f"            import :: {listed(kinds)}"
    for name, kind in f.arguments:
        yield f"            {OF_TYPE[kind]}, value :: {name}"
    for name, kind in by_reference:
        yield f"            {OF_TYPE[kind]}, intent(out) :: {name}"
    yield f"            {OF_TYPE[f.results[0][1]]} :: result_"
    yield "        end function"
    everything = [n for n, _ in (*f.arguments, *f.results)]
    head = f"subroutine c_{f.own}_array(n, {listed([f'{n}, {n}_stride' for n in everything])})"
    yield wrapped(f"{head} bind(c, name='{f.in_c}_array')", 8)
    yield "            import :: c_ptr, c_size_t, c_intptr_t"
    yield "            integer(c_size_t), value :: n"
    yield f"            type(c_ptr), value :: {listed(everything)}"
    yield wrapped(f"integer(c_intptr_t), value :: {listed([f'{n}_stride' for n in everything])}", 12)
    yield "        end subroutine"


def elemental(f: Function) -> Iterator[str]:
    if len(f.results) == 1:
        names = listed([n for n, _ in f.arguments])
        yield f"    elemental function {f.own}({names}) result(result_)"
        yield from (f"        {OF_TYPE[t]}, intent(in) :: {n}" for n, t in f.arguments)
        yield f"        {OF_TYPE[f.results[0][1]]} :: result_"
        yield f"        result_ = c_{f.own}({names})"
        yield "    end function"
    else:  # a subroutine: a pure function must not have a second result
        (first, _), *more = f.results
        yield f"    impure elemental subroutine {f.own}({listed([n for n, _ in (*f.arguments, *f.results)])})"
        yield from (f"        {OF_TYPE[t]}, intent(in) :: {n}" for n, t in f.arguments)
        yield from (f"        {OF_TYPE[t]}, intent(out) :: {n}" for n, t in f.results)
        yield f"        {first} = c_{f.own}({listed([n for n, _ in (*f.arguments, *more)])})"
        yield "    end subroutine"


def array_name(f: Function, form: tuple[bool, ...]) -> str:
    return f"{f.own}_array" + ("" if all(form) else "_" + "".join("as"[not array] for array in form))


def arrays(f: Function, form: tuple[bool, ...]) -> Iterator[str]:
    name = array_name(f, form)
    everything = [*zip(f.arguments, form, strict=True), *((result, True) for result in f.results)]
    yield f"    subroutine {name}({listed([n for (n, _), _ in everything])})"
    for (n, t), array in everything[: len(form)]:
        yield f"        {OF_TYPE[t]}, intent(in), target :: {n}{'(:)' if array else ''}"
    for n, t in f.results:
        yield f"        {OF_TYPE[t]}, intent(inout), target :: {n}(:)"
    yield "        integer(c_size_t) :: n"
    last = f.results[-1][0]
    yield f"        n = size({last}, kind=c_size_t)"
    others = [n for (n, _), array in everything if array and n != last]
    sizes = " .or. ".join(f"size({n}, kind=c_size_t) /= n" for n in others)
    yield wrapped(f"if ({sizes}) call differ('bitfast_{f.name}_array')", 8).replace(" .or. ", " .or. &\n            ")
    passed = [f"first({n}), stride({n})" if array else f"c_loc({n}), 0_c_intptr_t" for (n, _), array in everything]
    yield wrapped(f"call c_{f.own}_array(n, {listed(passed)})", 8)
    yield "    end subroutine"


def helpers(kind: str) -> str:
    """Address and stride, in elements, of an array's section."""
    return f"""\
    function first_{kind}(x) result(address)
        {OF_TYPE[kind]}, intent(in), target :: x(:)
        type(c_ptr) :: address
        address = c_null_ptr
        if (size(x, kind=c_size_t) > 0) address = c_loc(x(1))
    end function
    function stride_{kind}(x) result(stride_)
        {OF_TYPE[kind]}, intent(in), target :: x(:)
        integer(c_intptr_t) :: stride_
        stride_ = 1
        if (size(x, kind=c_size_t) > 1) stride_ = (transfer(c_loc(x(2)), stride_) &
            - transfer(c_loc(x(1)), stride_)) / (storage_size(x) / 8)
    end function"""


HEAD = """\
! Generated by derive/fortran.py; do not edit.

! bitfast for Fortran (2008): for real(c_double) and real(c_float)
!     y = bitfast_exp(x)                  elemental: numbers, and arrays of any rank
!     call bitfast_exp_array(x, y)        arrays of rank 1 and their sections, in vectors: the fast form
!     call bitfast_pow_array(x, 2d0, y)   an argument may be one number for all
!     call bitfast_frexp(x, fraction, exponent), bitfast_modf(x, fraction, whole): elemental; and with _array
!     i = bitfast_to_int32(x)             casts: int8, int16, int32, int64
!     s = bitfast_sum(x), bitfast_dot(x, y), bitfast_norm(x): of rank 1 and sections; bitfast_dot_to_double(x, y)
!     call bitfast_accumulator_clear(a), bitfast_accumulator_add(a, x): type(bitfast_accumulator), exact sums
!     call bitfast_dgemm(m, n, k, alpha, a, a_row, a_column, b, b_row, b_column, beta, c, c_row, c_column): sizes are
!         integer(c_size_t), strides integer(c_intptr_t); of a matrix as Fortran stores it, 1 from row to row, and its
!         leading dimension from column to column
! and otherwise as in bitfast.h and bitfast_arrays.h. A result may be stored where its argument is, but for those of
! bitfast_arrays.h. Not here: functions of complex numbers (bitfast_complex.h), and casts to unsigned integers,
! which Fortran has not. Compile this file with your program and link with `pkg-config --libs bitfast`.
module bitfast
    use, intrinsic :: iso_c_binding, only: c_double, c_float, c_int, c_int8_t, c_int16_t, c_int32_t, c_int64_t, &
        c_intptr_t, c_size_t, c_char, c_null_char, c_ptr, c_null_ptr, c_loc, c_associated, c_f_pointer
    use, intrinsic :: iso_fortran_env, only: error_unit
    implicit none
    private
    public :: bitfast_version, bitfast_contract, bitfast_level, bitfast_level_name, bitfast_use_level
    public :: bitfast_set_num_threads, bitfast_get_num_threads
    public :: bitfast_accumulator, bitfast_accumulator_bytes
    ! To be cleared before its first use.
    type, bind(c) :: bitfast_accumulator
        private
        integer(c_int64_t) :: opaque(76)
    end type
    integer, parameter :: bitfast_accumulator_bytes = 544
"""

OTHERS_IN_C = """\
        function bitfast_contract() bind(c) result(version)
            import :: c_int
            integer(c_int) :: version
        end function
        subroutine bitfast_set_num_threads(n) bind(c)
            import :: c_int
            integer(c_int), value :: n
        end subroutine
        function bitfast_get_num_threads() bind(c) result(n)
            import :: c_int
            integer(c_int) :: n
        end function
        function c_version() bind(c, name='bitfast_version') result(text)
            import :: c_ptr
            type(c_ptr) :: text
        end function
        function c_level() bind(c, name='bitfast_level') result(text)
            import :: c_ptr
            type(c_ptr) :: text
        end function
        function c_level_name(index) bind(c, name='bitfast_level_name') result(text)
            import :: c_ptr, c_int
            integer(c_int), value :: index
            type(c_ptr) :: text
        end function
        function c_use_level(name) bind(c, name='bitfast_use_level') result(status)
            import :: c_char, c_int
            character(kind=c_char), intent(in) :: name(*)
            integer(c_int) :: status
        end function
        pure function c_strlen(text) bind(c, name='strlen') result(length)
            import :: c_ptr, c_size_t
            type(c_ptr), value :: text
            integer(c_size_t) :: length
        end function"""

OTHERS = """\
    function bitfast_version() result(version)
        character(:), allocatable :: version
        version = from_c(c_version())
    end function
    function bitfast_level() result(name)
        character(:), allocatable :: name
        name = from_c(c_level())
    end function
    ! From index 0 on, the best last; empty from the number of levels on.
    function bitfast_level_name(index) result(name)
        integer, intent(in) :: index
        character(:), allocatable :: name
        name = from_c(c_level_name(int(index, c_int)))
    end function
    ! 0, or -1 if this processor lacks the level.
    function bitfast_use_level(name) result(status)
        character(*), intent(in) :: name
        integer :: status
        status = c_use_level(trim(name) // c_null_char)
    end function
    function from_c(text) result(copy)
        type(c_ptr), intent(in) :: text
        character(:), allocatable :: copy
        character(kind=c_char), pointer :: characters(:)
        integer :: i
        copy = ''
        if (.not. c_associated(text)) return
        call c_f_pointer(text, characters, [c_strlen(text)])
        do i = 1, size(characters)
            copy = copy // characters(i)
        end do
    end function
    subroutine differ(name)
        character(*), intent(in) :: name
        write (error_unit, '(2a)') name, ': the arrays are not of one size'
        flush (error_unit)
        error stop
    end subroutine"""


# Of bitfast_arrays.h: the function with the appended letter of its kind, its vectors, and the kind of its result, None
# where it adds to an accumulator.
SUMS = [
    *((f"{name}{REALS[k]}", name, vectors, k, k) for name, vectors in SUMS_OF_VECTORS for k in REALS),
    ("dotf_to_double", "dot_to_double", ("x", "y"), "float", "double"),
    *((f"accumulator_{name}{REALS[k]}", f"accumulator_{name}", v, k, None) for name, v in ADDITIONS for k in REALS),
]

ACCUMULATORS_IN_C = """\
        subroutine bitfast_accumulator_clear(a) bind(c, name='bitfast_accumulator_clear')
            import :: bitfast_accumulator
            type(bitfast_accumulator), intent(inout) :: a
        end subroutine
        subroutine bitfast_accumulator_negate(a) bind(c, name='bitfast_accumulator_negate')
            import :: bitfast_accumulator
            type(bitfast_accumulator), intent(inout) :: a
        end subroutine
        subroutine bitfast_accumulator_merge(a, b) bind(c, name='bitfast_accumulator_merge')
            import :: bitfast_accumulator
            type(bitfast_accumulator), intent(inout) :: a
            type(bitfast_accumulator), intent(in) :: b
        end subroutine
        function bitfast_accumulator_value(a) bind(c, name='bitfast_accumulator_value') result(value)
            import :: bitfast_accumulator, c_double
            type(bitfast_accumulator), intent(in) :: a
            real(c_double) :: value
        end function
        function bitfast_accumulator_valuef(a) bind(c, name='bitfast_accumulator_valuef') result(value)
            import :: bitfast_accumulator, c_float
            type(bitfast_accumulator), intent(in) :: a
            real(c_float) :: value
        end function
        subroutine bitfast_accumulator_store(a, bytes) bind(c, name='bitfast_accumulator_store')
            import :: bitfast_accumulator, bitfast_accumulator_bytes, c_int8_t
            type(bitfast_accumulator), intent(in) :: a
            integer(c_int8_t), intent(out) :: bytes(bitfast_accumulator_bytes)
        end subroutine
        function bitfast_accumulator_load(a, bytes) bind(c, name='bitfast_accumulator_load') result(status)
            import :: bitfast_accumulator, bitfast_accumulator_bytes, c_int, c_int8_t
            type(bitfast_accumulator), intent(inout) :: a
            integer(c_int8_t), intent(in) :: bytes(bitfast_accumulator_bytes)
            integer(c_int) :: status
        end function"""


def sum_in_c(name: str, vectors: tuple[str, ...], kind: str, result: str | None) -> Iterator[str]:
    arguments = ["a"] * (result is None) + ["n", *(f"{v}, {v}_stride" for v in vectors)]
    what = "function" if result else "subroutine"
    end = " result(result_)" if result else ""
    yield wrapped(f"{what} c_{name}({listed(arguments)}) bind(c, name='bitfast_{name}'){end}", 8)
    yield "            import :: c_ptr, c_size_t, c_intptr_t" + (f", c_{result}" if result else ", bitfast_accumulator")
    if result is None:
        yield "            type(bitfast_accumulator), intent(inout) :: a"
    yield "            integer(c_size_t), value :: n"
    for v in vectors:
        yield f"            type(c_ptr), value :: {v}"
        yield f"            integer(c_intptr_t), value :: {v}_stride"
    if result:
        yield f"            {OF_TYPE[result]} :: result_"
    yield f"        end {what}"


def sum_of_vectors(name: str, general: str, vectors: tuple[str, ...], kind: str, result: str | None) -> Iterator[str]:
    what = "function" if result else "subroutine"
    own = ["a"] * (result is None)
    yield f"    {what} {general}_{kind}({listed([*own, *vectors])}){' result(result_)' if result else ''}"
    if result is None:
        yield "        type(bitfast_accumulator), intent(inout) :: a"
    for v in vectors:
        yield f"        {OF_TYPE[kind]}, intent(in), target :: {v}(:)"
    if result:
        yield f"        {OF_TYPE[result]} :: result_"
    if len(vectors) > 1:
        yield f"        if (size(y, kind=c_size_t) /= size(x, kind=c_size_t)) call differ('bitfast_{general}')"
    passed = listed([*own, "size(x, kind=c_size_t)", *(f"first({v}), stride({v})" for v in vectors)])
    yield wrapped(f"{'result_ =' if result else 'call'} c_{name}({passed})", 8)
    yield f"    end {what}"


def product_in_c(name: str, kind: str, result: str, factor: str | None, conjugates: bool) -> Iterator[str]:
    """A product of matrices; complex factors are two numbers in C, so the address of one here."""
    arguments = ["m", "n", "k", *["alpha"] * bool(factor)]
    for matrix in ("a", "b"):
        arguments += [matrix, f"{matrix}_row", f"{matrix}_column", *[f"conjugate_{matrix}"] * conjugates]
    arguments += [*["beta"] * bool(factor), "c", "c_row", "c_column"]
    yield wrapped(f"subroutine bitfast_{name}({listed(arguments)}) bind(c, name='bitfast_{name}')", 8)
    kinds = sorted({of[:-1].partition("(")[2] for of in (kind, result)} | {"c_size_t", "c_intptr_t"})
    yield f"            import :: {listed(kinds + ['c_int'] * conjugates)}"
    yield "            integer(c_size_t), value :: m, n, k"
    yield "            integer(c_intptr_t), value :: a_row, a_column, b_row, b_column, c_row, c_column"
    if factor:
        yield f"            {kind}, {factor} :: alpha, beta"
    if conjugates:
        yield "            integer(c_int), value :: conjugate_a, conjugate_b"
    yield f"            {kind}, intent(in) :: a(*), b(*)"
    yield f"            {result}, intent(inout) :: c(*)"
    yield "        end subroutine"


def products_in_c() -> Iterator[str]:
    for letter, kind in (("d", "double"), ("s", "float")):
        yield from product_in_c(f"{letter}gemm", OF_TYPE[kind], OF_TYPE[kind], "value", False)
    for letter, kind in (("z", "double"), ("c", "float")):
        yield from product_in_c(f"{letter}gemm", f"complex(c_{kind})", f"complex(c_{kind})", "intent(in)", True)
    yield from product_in_c("gemm_int8", OF_TYPE["int8"], OF_TYPE["int32"], None, False)


def generic(name: str, procedures: list[str]) -> Iterator[str]:
    yield f"    interface {name}"
    yield wrapped(f"module procedure {listed(procedures)}", 8)
    yield "    end interface"


def module() -> str:
    every = functions()
    lines = [HEAD.rstrip("\n")]
    for name in dict.fromkeys(f.name for f in every):
        both = [f for f in every if f.name == name]
        lines.append(f"    public :: bitfast_{name}, bitfast_{name}_array")
        lines += generic(f"bitfast_{name}", [f.own for f in both])
        lines += generic(f"bitfast_{name}_array", [array_name(f, form) for f in both for form in f.shapes])
    for name in dict.fromkeys(general for _, general, *_ in SUMS):
        lines.append(f"    public :: bitfast_{name}")
        lines += generic(f"bitfast_{name}", [f"{name}_{kind}" for _, general, _, kind, _ in SUMS if general == name])
    accumulators = ("clear", "negate", "merge", "value", "valuef", "store", "load")
    lines.append(wrapped(f"public :: {listed([f'bitfast_accumulator_{name}' for name in accumulators])}", 4))
    lines.append("    public :: bitfast_dgemm, bitfast_sgemm, bitfast_zgemm, bitfast_cgemm, bitfast_gemm_int8")
    for name in ("first", "stride"):
        lines += generic(name, [f"{name}_{kind}" for kind in OF_TYPE])
    lines += ["    interface", OTHERS_IN_C]
    for f in every:
        lines += in_c(f)
    lines.append(ACCUMULATORS_IN_C)
    for name, _, vectors, kind, result in SUMS:
        lines += sum_in_c(name, vectors, kind, result)
    lines += products_in_c()
    lines += ["    end interface", "contains", OTHERS]
    lines += [helpers(kind) for kind in OF_TYPE]
    for f in every:
        lines += elemental(f)
        for form in f.shapes:
            lines += arrays(f, form)
    for name, general, vectors, kind, result in SUMS:
        lines += sum_of_vectors(name, general, vectors, kind, result)
    return "\n".join([*lines, "end module", ""])


def main(folder: Path = INCLUDE) -> None:
    (folder / "bitfast.f90").write_text(module())

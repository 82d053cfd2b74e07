# Everything starts here, from a fresh clone on a bare Debian or Ubuntu machine. Each target does its own set-up: the
# distribution's packages (with sudo where not root; the command is shown before it runs) and a virtual environment in
# .venv. What is done already is not done again.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.ONESHELL:
MAKEFLAGS += --no-print-directory --no-builtin-rules

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := build/stamps
WORKERS ?= auto

# What is needed of the distribution, each as command:package, or as /file:package for what has no command.
BASE := gcc:gcc g++:g++ gfortran:gfortran make:make dpkg-source:dpkg-dev valgrind:valgrind patch:patch \
	aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu aarch64-linux-gnu-g++:g++-aarch64-linux-gnu \
	aarch64-linux-gnu-gfortran:gfortran-aarch64-linux-gnu qemu-aarch64:qemu-user \
	/usr/include/stdio.h:libc6-dev /usr/aarch64-linux-gnu/include/stdio.h:libc6-dev-arm64-cross
BUILD_SYSTEMS := cmake:cmake meson:meson ninja:ninja-build autoreconf:autoconf automake:automake pkg-config:pkg-config
# The tests also talk to an ssh server on this machine, try a second chip, and hold the math library to MPFR.
TESTING := $(BUILD_SYSTEMS) clang:clang libtoolize:libtool sshd:openssh-server busybox:busybox-static \
	riscv64-linux-gnu-gcc:gcc-riscv64-linux-gnu riscv64-linux-gnu-g++:g++-riscv64-linux-gnu \
	/usr/riscv64-linux-gnu/include/stdio.h:libc6-dev-riscv64-cross /usr/include/mpfr.h:libmpfr-dev
# Where the distribution has these, more is tested: the math library on further chips, its derivations and their
# proofs; cameras with an RTSP server and an MQTT broker; the web page in a browser.
OPTIONAL := /usr/share/doc/libblas-test:libblas-test java:default-jre-headless \
	clang-19:clang-19 llvm-mca-19:llvm-19 sollya:sollya gappa:gappa \
	powerpc64le-linux-gnu-gcc:gcc-powerpc64le-linux-gnu s390x-linux-gnu-gcc:gcc-s390x-linux-gnu \
	/usr/powerpc64le-linux-gnu/include/stdio.h:libc6-dev-ppc64el-cross \
	/usr/s390x-linux-gnu/include/stdio.h:libc6-dev-s390x-cross \
	chromium:chromium mosquitto:mosquitto /usr/share/doc/python3-gi:python3-gi \
	/usr/share/doc/gir1.2-gst-rtsp-server-1.0:gir1.2-gst-rtsp-server-1.0 \
	/usr/share/doc/gstreamer1.0-plugins-good:gstreamer1.0-plugins-good

.PHONY: help setup demo faces test zoo lint programs bench bench-functions bench-arrays bench-tsv110 bench-faces test-array-api exhaustive hard-cases clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/:.*## /\t/' | expand -t 18

setup: $(STAMPS)/packages $(STAMPS)/venv ## packages of the distribution and the virtual environment, nothing else

demo: setup $(STAMPS)/libm ## check a real third-party program: qhull, from the distribution's source
	$(BIN)/bitfast check debian:qhull --run 'rbox 300 D4 | qconvex s n' $$([ -t 2 ] || echo -v)

faces: setup $(STAMPS)/faces ## bitfast-faces, its command and its weights, into the virtual environment

test: $(STAMPS)/packages-test $(STAMPS)/venv-test $(STAMPS)/faces-test ## the tests
	@$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

zoo: $(STAMPS)/packages-test $(STAMPS)/venv-test $(STAMPS)/libm ## every program of the zoo: cause found, place found, cured
	@$(BIN)/python -m tests.zoo.run $(ARGS)

lint: $(STAMPS)/faces-test ## ruff and mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

programs: $(STAMPS)/packages-test $(STAMPS)/venv-test $(STAMPS)/libm ## real third-party programs
	@$(BIN)/python -m bench.programs.run $(ARGS)

bench: $(STAMPS)/packages-test $(STAMPS)/venv-test $(STAMPS)/libm ## how long a check takes
	@$(BIN)/python -m bench.run $(ARGS)

bench-functions: $(STAMPS)/packages-bench $(STAMPS)/venv-bench ## the math library's speed beside its peers
	@$(BIN)/python -m bench.functions.run --write docs/speed.md $(ARGS)

bench-arrays: $(STAMPS)/packages-bench $(STAMPS)/venv-bench ## the speed of sums and products beside their peers
	@$(BIN)/python -m bench.arrays.run --write docs/speed-arrays.md $(ARGS)

bench-tsv110: $(STAMPS)/packages-test $(STAMPS)/venv-test ## the same predicted for the Kunpeng 920's core, by llvm-mca
	@$(BIN)/python -m bench.functions.tsv110 --write docs/speed-tsv110.md $(ARGS)

# face_recognition asks for dlib's source, which takes a quarter of an hour to compile; dlib-bin is the same library.
bench-faces: $(STAMPS)/faces-test ## bitfast-faces beside face_recognition, its search, cameras, memory
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps face_recognition==1.3.0 \
	    face-recognition-models==0.3.0 dlib-bin "setuptools<81"
	for part in speed search store cameras memory; do $(BIN)/python -m bench.faces.$$part; done

test-array-api: $(STAMPS)/packages-test $(STAMPS)/venv-test ## ARRAY_API_TESTS=path: the array API standard's own tests
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet "ndindex>=1.8" pytest-json-report
	ARRAY_API_TESTS="$(ARRAY_API_TESTS)" $(BIN)/python -m pytest tests/array_api -rs $(ARGS)

exhaustive: $(STAMPS)/packages-test $(STAMPS)/venv-test ## FUNCTION=exp: all float32 and many float64 against MPFR
	@$(BIN)/python -m tests.exhaustive.run $(if $(FUNCTION),--functions $(FUNCTION)) $(ARGS)

hard-cases: $(STAMPS)/packages-test $(STAMPS)/venv-test ## FUNCTION=exp: searches the arguments that are hardest to round
	@$(BIN)/python -m tests.hard_cases $(FUNCTION) $(ARGS)
	$(BIN)/python -m derive.hard_cases

clean: ## what was built here; the cache in your home stays
	rm -rf build $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

# $(call install,NEEDED,OPTIONAL): installs the packages of the pairs whose command or file is not there. A package that
# the distribution does not have is an error in the first list and left out of the second.
define install
	mkdir -p build
	is_there() { case "$$1" in /*) [ -e "$$1" ] ;; *) PATH="$$PATH:/usr/sbin:/sbin" command -v "$$1" > /dev/null ;; esac; }
	here=$$(uname -m)
	missing=()
	wanted=()
	for pair in $(1); do
	    is_there "$${pair%%:*}" || [[ $$pair = *$$here-linux-gnu* ]] || missing+=("$${pair##*:}")
	done
	for pair in $(2); do
	    is_there "$${pair%%:*}" || [[ $$pair = *$$here-linux-gnu* ]] || wanted+=("$${pair##*:}")
	done
	$(PYTHON) -c 'import venv, ensurepip' 2> /dev/null || missing+=($(notdir $(PYTHON)) $(notdir $(PYTHON))-venv)
	headers='import os, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))'
	$(PYTHON) -c "$$headers" 2> /dev/null || missing+=($(notdir $(PYTHON))-dev)
	sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo
	apt="$$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq"
	if [ "$$(($${#missing[@]} + $${#wanted[@]}))" -gt 0 ] && command -v apt-get > /dev/null; then
	    $$apt update > build/apt.log 2>&1 || [ "$${#missing[@]}" = 0 ] || { tail -n 20 build/apt.log >&2; exit 1; }
	fi
	for package in $${wanted[@]+"$${wanted[@]}"}; do
	    if apt-cache search --names-only "^$$package\$$" 2> /dev/null | grep -q .; then missing+=("$$package")
	    else echo "$$package is not to be had: what needs it is left out"; fi
	done
	if [ "$${#missing[@]}" -gt 0 ]; then
	    command -v apt-get > /dev/null || { echo "please install: $${missing[*]}" >&2; exit 1; }
	    echo "installing from the distribution: $$apt install --no-install-recommends $${missing[*]}"
	    $$apt install --yes --no-install-recommends "$${missing[@]}" >> build/apt.log 2>&1 \
	        || { tail -n 20 build/apt.log >&2; exit 1; }
	fi
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
	    echo "bitfast needs Python 3.11 or newer; try: make PYTHON=python3.11" >&2; exit 1; }
endef

$(STAMPS)/packages:
	@$(call install,$(BASE) $(BUILD_SYSTEMS))
	$(plugin_headers)
	mkdir -p $(@D) && touch $@

$(STAMPS)/packages-test: $(STAMPS)/packages
	@$(call install,$(TESTING),$(OPTIONAL))
	mkdir -p $(@D) && touch $@

$(STAMPS)/packages-bench: $(STAMPS)/packages
	@$(call install,,/usr/share/doc/libsleef3:libsleef3)
	mkdir -p $(@D) && touch $@

# GCC's plugin headers are for its own version, and optional: they name operations within a line.
define plugin_headers
	sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo
	for gcc in gcc aarch64-linux-gnu-gcc; do
	    command -v $$gcc > /dev/null || continue
	    [ -e "$$($$gcc -print-file-name=plugin)/include/gcc-plugin.h" ] && continue
	    suffix=$${gcc%gcc}; suffix=$${suffix:+-$${suffix%-}}
	    package=gcc-$$($$gcc -dumpversion | cut -d. -f1)-plugin-dev$$suffix
	    echo "installing from the distribution: $$package"
	    $$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends $$package \
	        > build/apt.log 2>&1 || echo "$$package is not to be had: places will end at the line"
	done
endef

# Only cures of the cause `libm` need it, for functions that bitfast does not have: what cannot be fetched now is fetched
# by the same command later.
$(STAMPS)/libm: $(STAMPS)/venv
	@$(BIN)/bitfast targets --install aarch64-linux-gnu || { echo "going on without the portable math library"; exit 0; }
	mkdir -p $(@D) && touch $@

# What the extension module is made of: an installation has its compiled form, so it is made anew when these change.
NATIVE := $(shell find native -type f)

# A comma where one would separate arguments.
, := ,

pip = $(BIN)/python -m pip install --disable-pip-version-check --no-input $(1) > build/pip.log 2>&1 \
	|| { tail -n 20 build/pip.log >&2; exit 1; }

$(BIN)/python: | $(STAMPS)/packages
	@echo "making the virtual environment in $(VENV)"
	$(PYTHON) -m venv $(VENV)

$(STAMPS)/venv: pyproject.toml src/bitfast/__init__.py $(NATIVE) | $(BIN)/python
	@echo "installing bitfast and what it needs into $(VENV); its math library takes minutes to compile the first time"
	$(call pip,--editable .)
	mkdir -p $(@D) && touch $@

# $(call tools,EXTRA): what pyproject.toml names for it. Not as bitfast[EXTRA], which would build bitfast once more.
extra = import tomllib; project = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
	print(*project["optional-dependencies"]["$(1)"], sep="\n")
define tools
	$(BIN)/python -c '$(call extra,$(1))' > build/$(1)-tools.txt
	$(call pip,--requirement build/$(1)-tools.txt)
	mkdir -p $(@D) && touch $@
endef

$(STAMPS)/venv-test: pyproject.toml $(STAMPS)/venv
	@echo "installing the tests' tools into $(VENV)"
	($(call tools,engines)) || echo "no Dask, Ray and Spark for this Python: what is tested with them is skipped"
	$(call tools,test)

# The application on top. Its weights are fetched once and kept in your data folder; without them its tests are skipped.
FACES := $(shell find apps/faces/native apps/faces/CMakeLists.txt apps/faces/pyproject.toml -type f)

$(STAMPS)/faces: $(FACES) $(STAMPS)/venv
	@echo "installing bitfast-faces into $(VENV), and its weights"
	$(call pip,--editable "apps/faces[all]")
	$(BIN)/bitfast-faces setup && echo "next: $(BIN)/bitfast-faces look PHOTO" || { echo "going on without the weights: bitfast-faces setup fetches them later"; exit 0; }
	mkdir -p $(@D) && touch $@

$(STAMPS)/faces-test: $(STAMPS)/faces $(STAMPS)/venv-test
	@$(call pip,--editable "apps/faces[all$(,)test]")
	mkdir -p $(@D) && touch $@

$(STAMPS)/venv-bench: pyproject.toml $(STAMPS)/venv
	@echo "installing the math library's peers into $(VENV)"
	$(call tools,bench)

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

# Commands of the distribution that are needed, each as command:package.
BASE := gcc:gcc g++:g++ gfortran:gfortran make:make dpkg-source:dpkg-dev valgrind:valgrind patch:patch \
	aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu aarch64-linux-gnu-g++:g++-aarch64-linux-gnu \
	aarch64-linux-gnu-gfortran:gfortran-aarch64-linux-gnu qemu-aarch64:qemu-user
BUILD_SYSTEMS := cmake:cmake meson:meson ninja:ninja-build autoreconf:autoconf automake:automake pkg-config:pkg-config
# The tests also talk to an ssh server on this machine and try a second chip.
TESTING := $(BUILD_SYSTEMS) clang:clang libtoolize:libtool sshd:openssh-server busybox:busybox-static \
	riscv64-linux-gnu-gcc:gcc-riscv64-linux-gnu riscv64-linux-gnu-g++:g++-riscv64-linux-gnu

.PHONY: help setup demo test zoo lint programs bench clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMPS)/packages $(STAMPS)/venv ## packages of the distribution and the virtual environment, nothing else

demo: setup $(STAMPS)/libm ## check a real third-party program: qhull, from the distribution's source
	$(BIN)/bitfast check debian:qhull --run 'rbox 300 D4 | qconvex s n' $$([ -t 2 ] || echo -v)

test: $(STAMPS)/packages-test $(STAMPS)/venv-test ## the tests
	@$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

zoo: $(STAMPS)/packages-test $(STAMPS)/venv-test $(STAMPS)/libm ## every program of the zoo: cause found, place found, cured
	@$(BIN)/python -m tests.zoo.run $(ARGS)

lint: $(STAMPS)/venv-test ## ruff and mypy
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

programs: $(STAMPS)/packages-test $(STAMPS)/venv-test $(STAMPS)/libm ## real third-party programs
	@$(BIN)/python -m bench.programs.run $(ARGS)

bench: $(STAMPS)/packages-test $(STAMPS)/venv-test $(STAMPS)/libm ## how long a check takes
	@$(BIN)/python -m bench.run $(ARGS)

clean: ## what was built here; the cache in your home stays
	rm -rf build $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

# $(call install,NAMES): installs the packages of the command:package pairs whose command is not there, and the headers
# for GCC's plugins and for the targets' C libraries, which have no command. A package that the distribution does not
# have is left out here and reported by `bitfast targets`.
define install
	mkdir -p build
	missing=()
	for pair in $(1); do
	    PATH="$$PATH:/usr/sbin:/sbin" command -v "$${pair%%:*}" > /dev/null || missing+=("$${pair##*:}")
	done
	$(PYTHON) -c 'import venv, ensurepip' 2> /dev/null || missing+=($(notdir $(PYTHON)) $(notdir $(PYTHON))-venv)
	headers='import os, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))'
	$(PYTHON) -c "$$headers" 2> /dev/null || missing+=($(notdir $(PYTHON))-dev)
	for header in /usr/include/stdio.h:libc6-dev /usr/aarch64-linux-gnu/include/stdio.h:libc6-dev-arm64-cross $(2); do
	    [ -e "$${header%%:*}" ] || missing+=("$${header##*:}")
	done
	if [ "$$(uname -m)" = aarch64 ]; then  # this machine is the target
	    missing=($$(printf '%s\n' $${missing[@]+"$${missing[@]}"} | grep -v -e aarch64 -e arm64-cross || true))
	fi
	if [ "$${#missing[@]}" -gt 0 ]; then
	    command -v apt-get > /dev/null || { echo "please install: $${missing[*]}" >&2; exit 1; }
	    sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo
	    apt="$$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq"
	    echo "installing from the distribution: $$apt install --no-install-recommends $${missing[*]}"
	    { $$apt update && $$apt install --yes --no-install-recommends "$${missing[@]}"; } > build/apt.log 2>&1 \
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
	@$(call install,$(TESTING),/usr/riscv64-linux-gnu/include/stdio.h:libc6-dev-riscv64-cross)
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

# Only cures of the cause `libm` need it: what cannot be fetched now is fetched by the same command later.
$(STAMPS)/libm: $(STAMPS)/venv
	@$(BIN)/bitfast targets --install aarch64-linux-gnu || { echo "going on without the portable math library"; exit 0; }
	mkdir -p $(@D) && touch $@

# What the extension module is made of: an installation has its compiled form, so it is made anew when these change.
NATIVE := $(shell find native -name '*.[ch]' -o -name CMakeLists.txt)

pip = $(BIN)/python -m pip install --disable-pip-version-check --no-input --editable $(1) > build/pip.log 2>&1 \
	|| { tail -n 20 build/pip.log >&2; exit 1; }

$(BIN)/python: | $(STAMPS)/packages
	@echo "making the virtual environment in $(VENV)"
	$(PYTHON) -m venv $(VENV)

$(STAMPS)/venv: pyproject.toml src/bitfast/__init__.py $(NATIVE) | $(BIN)/python
	@echo "installing bitfast and what it needs into $(VENV); its math library takes minutes to compile the first time"
	$(call pip,.)
	mkdir -p $(@D) && touch $@

$(STAMPS)/venv-test: $(STAMPS)/venv
	@echo "installing the tests' tools into $(VENV)"
	$(call pip,'.[test]')
	mkdir -p $(@D) && touch $@

! Fortran interfaces of libbitfast: generic names over the functions of one value and of arrays.
! Compile this file with your program, or once into a module; link with `pkg-config --libs bitfast`.

// This program's operator new counts, too.
#include "../laws/allocations.cpp"

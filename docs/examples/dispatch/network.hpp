// What main.cpp knows of the network: a function for each instruction set, of types that all files share.
#pragma once

using Answer = float(const float (&image)[64]);

Answer answer_sse2;
Answer answer_avx2;
Answer answer_avx512;

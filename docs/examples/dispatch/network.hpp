// What main.cpp knows of the network: one function for each instruction set, with plain types.
#pragma once

using Answer = float(const float (&image)[64]);

Answer answer_sse2;
Answer answer_avx2;
Answer answer_avx512;

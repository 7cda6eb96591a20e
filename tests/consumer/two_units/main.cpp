#include "answer.hpp"

int main() {
    return answer_a() == answer_b() ? 0 : 1;
}

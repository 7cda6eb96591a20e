#include "answer.hpp"

Scores answer_b() {
    return Model{lamina::seed{1}}.forward({});
}

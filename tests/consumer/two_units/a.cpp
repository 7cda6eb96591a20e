#include "answer.hpp"

Scores answer_a() {
    return Model{lamina::seed{1}}.forward({});
}

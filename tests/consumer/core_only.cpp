// A user's program that needs no files, and so nothing but the headers.
#include <lamina/core.hpp>

namespace ln = lamina;

int main() {
    const ln::Model<ln::Net<ln::Dense<10>>, ln::Shape<4>> model{ln::seed{1}};
    return model.forward({}).size == 10 ? 0 : 1;
}

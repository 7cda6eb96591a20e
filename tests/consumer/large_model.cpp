// Models of more than the stack budget: where they may be, and, with -DON_THE_STACK, where they may not.
#include <lamina/core.hpp>

#include <memory>

namespace ln = lamina;

using Model = ln::Model<ln::Net<ln::Dense<700>, ln::ReLU, ln::Dense<10>>, ln::Shape<784>>;
static_assert(Model::parameter_bytes > ln::stack_budget);

float as_a_static_variable(const Model::Input& x) {
    static Model model{ln::seed{42}};
    return model.forward(x)[0];
}
float on_the_heap(const Model::Input& x) {
    const auto model = std::make_unique<Model>(ln::seed{42});
    return model->forward(x)[0];
}
struct Player {
    Model model{ln::seed{42}};
};
float as_a_member_on_the_heap(const Model::Input& x) {
    const auto player = std::make_unique<Player>();
    return player->model.forward(x)[0];
}
void copied(Model& to, const Model& from) {
    to = from;
}

#ifdef ON_THE_STACK
float as_a_local_variable(const Model::Input& x) {
    const Model model{ln::seed{42}};
    return model.forward(x)[0];
}
float as_a_member_of_one(const Model::Input& x) {
    const Player player;
    return player.model.forward(x)[0];
}
Model made() {
    return Model{ln::seed{42}};
}
float returned(const Model::Input& x) {
    return made().forward(x)[0];
}
#endif

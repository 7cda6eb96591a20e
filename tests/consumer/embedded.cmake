# A program with weights inside, in a project that does without exceptions where it can.
add_executable(save ../save.cpp)
target_link_libraries(save PRIVATE lamina::lamina)

add_compile_options(-fno-exceptions)
set(NAME digits CACHE STRING "What the weights are called")
lamina_embed(${NAME} NETWORK ../network.hpp MODEL consumer::Trained FOLD WEIGHTS ${WEIGHTS} RENAME ${RENAME}
    IGNORE *.num_batches_tracked head.* TOLERANCE 1e-5 TOOL ${TOOL})
add_executable(embedded ../embedded.cpp)
target_link_libraries(embedded PRIVATE ${NAME})
